import type { Instant } from "#domain/workload.ts";
import { climbBegan } from "#analysis/climb.ts";
import { duration } from "#analysis/words.ts";
import { stepName } from "#domain/plan.ts";
import { type ReportFacts, actsOf } from "./facts.ts";
import { moment, table } from "./markdown.ts";

/** When what was reached, with the gaps. */
export function times({ incident }: ReportFacts): readonly string[] {
  const began = climbBegan(incident);
  const [act] = actsOf(incident);
  const [alert] = incident.alerts.toSorted((a, b) => a.at - b.at);
  const named = incident.namedAt ?? (incident.diagnosis?.named ? incident.diagnosis.at : undefined);
  const known: readonly (readonly [string, Instant | undefined])[] = [
    ["Began", began],
    ["First alert of another tool", alert?.at],
    ["Noticed", incident.openedAt],
    ["Change named", named],
    [act ? `First act: ${stepName[act.kind]}` : "", act?.at],
    ["Mitigated", incident.mitigatedAt],
    ["Recovered", incident.recoveredAt],
    ["Settled", incident.settledAt],
  ];
  const rows = known.flatMap(([what, at]) => (at === undefined ? [] : [{ what, at }])).toSorted((a, b) => a.at - b.at);
  return table(
    ["What", "When (UTC)", "After the one before", "Since it began"],
    rows.map(({ what, at }, index) => [
      what,
      moment(at),
      index === 0 ? "" : gap(at - (rows[index - 1]?.at ?? at)),
      since(at - began),
    ]),
  );
}

function gap(ms: number): string {
  return ms < 500 ? "at once" : duration(ms);
}

function since(ms: number): string {
  if (Math.abs(ms) < 500) return "";
  return ms < 0 ? `${duration(ms)} before` : duration(ms);
}
