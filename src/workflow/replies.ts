import { formatDistanceStrict } from "date-fns";
import type { Incident } from "#domain/incident.ts";
import type { Reply } from "#domain/ports/slack.ts";
import type { Step, StepKind } from "#domain/plan.ts";

const names: Record<StepKind, string> = { cap: "Cap", rollback: "Roll back", drain: "Scale down nodes" };

/** What the thread says besides the timeline, each under its natural name: what people did, and the way back to normal. */
export function repliesOf(incident: Incident): readonly { part: string; reply: Reply }[] {
  const acts = incident.plan
    .filter((step) => step.state === "done" || step.state === "failed")
    .map((step) => ({ part: `act/${step.id}/${step.state}/${step.at}`, reply: actReply(step) }));
  const states = [];
  if (incident.recoveredAt)
    states.push({
      part: "recovered",
      reply: {
        text: `Recovered: all ${number(incident.now.desired)} replicas are ready, and latency and cost per request are near their usual again.`,
        mention: [],
      },
    });
  if (incident.settledAt) {
    const text = `Settled: ${number(incident.now.desired)} replicas on ${number(incident.now.nodes)} nodes, as usual. This incident is closed. It took ${formatDistanceStrict(incident.openedAt, incident.settledAt, { unit: "minute" })} from the first message.`;
    states.push({ part: "settled", reply: { text, mention: [] } });
  }
  return [...acts, ...states];
}

function actReply(step: Step): Reply {
  const what = step.state === "done" ? `${names[step.kind]}: done.` : `${names[step.kind]}: not done.`;
  return { text: `${what} ${step.outcome ?? ""}`.trim(), mention: step.by ? [step.by] : [] };
}

function number(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
