import { duration } from "#analysis/words.ts";
import { phasesOf } from "#domain/phases.ts";
import { stepName } from "#domain/plan.ts";
import { type ReportFacts, actsOf, beganAt } from "./facts.ts";
import { moment, table } from "./markdown.ts";

/** When what was reached, with the gaps. */
export function times({ incident }: ReportFacts): readonly string[] {
  const began = beganAt(incident);
  const [act] = actsOf(incident);
  const [alert] = incident.alerts.toSorted((a, b) => a.at - b.at);
  const rows = [
    ...(alert ? [{ what: "First alert of another tool", at: alert.at }] : []),
    ...(act ? [{ what: `First act: ${stepName[act.kind]}`, at: act.at }] : []),
    ...phasesOf(incident).map(({ name, at }) => ({ what: name === "Named" ? "Change named" : name, at })),
  ].toSorted((a, b) => a.at - b.at);
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
