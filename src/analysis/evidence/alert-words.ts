import { type EvidenceKind, supports } from "./scene.ts";
import { listed } from "#analysis/words.ts";

/** Words of every alert and every commit. */
const COMMON = new Set(
  "alert alerts high higher usage firing critical warning error errors service services pod pods node nodes memory cluster with from that this have been more than when over above below feat chore test tests update updated change changes added adds remove fixes prod production latency rate percent minutes seconds deployment namespace replicas requests request".split(
    " ",
  ),
);

/** It shares rare words with what the alerts say. */
export const alertWords: EvidenceKind = ({ landing }, { alerts, workload }) => {
  if (!landing || alerts.length === 0) return undefined;
  const own = new Set(wordsOf(`${workload.namespace} ${workload.name}`));
  const said = new Set(wordsOf(alerts.map((alert) => alert.message.slice(0, 2_000)).join(" ")));
  const shared = [...new Set(wordsOf(landing.message.slice(0, 2_000)))].filter((word) => said.has(word) && !own.has(word));
  return shared.length > 0
    ? supports("alert-words", Math.min(0.9, 0.3 * shared.length), `It shares words with the alerts (${listed(shared)}).`)
    : undefined;
};

function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/[a-z][a-z0-9]{3,}/g) ?? []).filter((word) => !COMMON.has(word));
}
