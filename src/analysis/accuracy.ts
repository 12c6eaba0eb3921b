import type { Verdict } from "#domain/verdict.ts";
import type { Accuracy } from "#domain/ports/home.ts";

/** Told with this chance or more, a suspect was named as if sure. */
const SURE = 0.8;

/** How right the first suspect was, as far as people said. */
export function accuracyOf(verdicts: readonly Verdict[]): Accuracy {
  const incidents = [...Map.groupBy(verdicts, ({ incidentId }) => incidentId).values()].filter(saysOfFirst);
  const firsts = verdicts.filter(isFirst);
  const sure = firsts.filter(({ probability }) => probability >= SURE);
  return {
    judged: incidents.length,
    first: firsts.filter(({ right }) => right).length,
    among: incidents.filter((said) => said.some(({ right }) => right)).length,
    sure: sure.length,
    sureRight: sure.filter(({ right }) => right).length,
  };
}

/** That the second was not it says nothing of the first; that it was, says that the first was not. */
function saysOfFirst(said: readonly Verdict[]): boolean {
  return said.some((verdict) => isFirst(verdict) || verdict.right);
}

function isFirst({ rank = 0 }: Verdict): boolean {
  return rank === 0;
}
