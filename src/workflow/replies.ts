import { formatDistanceStrict } from "date-fns/formatDistanceStrict";
import { doublingsOf } from "#analysis/again.ts";
import { comparisonOf } from "#analysis/rollout/seen.ts";
import { type Incident, leadOf } from "#domain/incident.ts";
import { phasesOf } from "#domain/phases.ts";
import type { Reply } from "#domain/ports/slack.ts";
import { type Step, nameOf, stepName, wasDone } from "#domain/plan.ts";

/** What the thread says besides the timeline, each under its natural name: what people did, and the way back to normal. */
export function repliesOf(incident: Incident): readonly { part: string; reply: Reply }[] {
  const acts = incident.plan
    .filter((step) => step.kind !== "verify" && (wasDone(step) || step.state === "failed"))
    // Told once: of the same act the part stays the same, also where it may be pressed again since.
    .map((step) => ({ part: `act/${step.id}/${wasDone(step) ? "done" : "failed"}/${step.at}`, reply: actReply(step) }));
  const doublings = doublingsOf(incident).map(({ id, text }) => ({ part: id, reply: { text, mention: [] } }));
  const joined = joinedReplies(incident);
  const states: { part: string; reply: Reply }[] = [];
  // Of the other troubles the end alone is news: they may come and go within minutes.
  if (incident.recoveredAt && leadOf(incident) === "runaway")
    states.push({
      part: "recovered",
      reply: {
        text: `Recovered: all ${number(incident.now.desired)} replicas are ready, and latency and cost per request are near their usual again.`,
        mention: [],
      },
    });
  if (incident.settledAt !== undefined)
    states.push({
      part: "settled",
      reply: { text: closing(incident, incident.settledAt), mention: [], phases: phasesOf(incident) },
    });
  return [
    ...joined,
    ...authorReplies(incident),
    ...doublings,
    ...acts,
    ...comparedReplies(incident),
    ...helpReplies(incident),
    ...states,
    ...saidReplies(incident),
  ];
}

/** For the author of the change that is the first suspect now; whoever was told before is left out by the mouth. */
function authorReplies(incident: Incident): { part: string; reply: Reply }[] {
  const suspect = incident.diagnosis?.named ? incident.diagnosis.suspects[0] : undefined;
  if (suspect?.subject.kind !== "landing" || incident.status === "settled" || leadOf(incident) === "autoscaler-ill") return [];
  const { author, message } = suspect.subject.landing;
  const [title = ""] = message
    .slice(0, 10_000)
    .trimStart()
    .split(/[\r\n]/, 1);
  const text = `A change of yours is the first suspect now: "${title.slice(0, 200)}". Can you have a look?`;
  return [{ part: `author/${suspect.id}`, reply: { text, mention: [], callsAuthor: { suspect: suspect.id, author } } }];
}

/** What people said of suspects afterwards, and what they took back. Who says it is named first. */
function saidReplies({ said = [] }: Incident): { part: string; reply: Reply }[] {
  return said.map(({ suspectId, title, right, by, at }) => {
    const words = right === undefined ? "takes back what was said of" : right ? "says that it was" : "says that it was not";
    return { part: `said/${suspectId}/${at}`, reply: { text: `${words} ${title}.`, mention: [by] } };
  });
}

/** What a rollout was foretold to do on its way, and what it did. */
function comparedReplies({ plan }: Incident): { part: string; reply: Reply }[] {
  return plan.flatMap((step) => {
    const text = comparisonOf(step);
    if (text === undefined) return [];
    return [{ part: `seen/${step.id}/${step.forecast?.at}`, reply: { text: `${nameOf(step)}, complete. ${text}`, mention: [] } }];
  });
}

/** A trouble that joined is told in the thread; and a runaway, which joins at the head, calls who is on call. */
function joinedReplies({ spike, also = [] }: Incident): { part: string; reply: Reply }[] {
  return [spike, ...also]
    .filter(({ detectedAt }) => detectedAt > Math.min(spike.detectedAt, ...also.map((one) => one.detectedAt)))
    .map(({ trouble = "runaway", detectedAt, reason }) => ({
      part: `joined/${trouble}/${detectedAt}`,
      reply: { text: `And now also: ${reason}`, mention: [], callsOnCall: trouble === "runaway" },
    }));
}

function closing(incident: Incident, settledAt: number): string {
  const { now, usual, timeline, openedAt } = incident;
  const took = `It took ${formatDistanceStrict(openedAt, settledAt, { unit: "minute" })} from the first message.`;
  if (timeline.some((entry) => entry.id === "state/gone")) return "Closed: the workload was deleted.";
  if (leadOf(incident) !== "runaway")
    return `Settled: the trouble has stayed away for five minutes. This incident is closed. ${took}`;
  if (now.desired <= Math.max(1.3 * usual.replicas, usual.replicas + 1))
    return `Settled: ${number(now.desired)} replicas on ${number(now.nodes)} nodes, as usual. This incident is closed. ${took}`;
  return `Closed at ${number(now.desired)} replicas. A new climb has a message of its own; a level that has stood for a day counts as normal.`;
}

function actReply(step: Step): Reply {
  const what = wasDone(step) ? `${nameOf(step)}: done.` : `${nameOf(step)}: not done.`;
  return { text: `${what} ${step.outcome ?? ""}`.trim(), mention: step.by ? [step.by] : [] };
}

/** Whether what people did has helped; where it has not, with the way back, and whoever is next in line is called. */
function helpReplies({ plan }: Incident): { part: string; reply: Reply }[] {
  return plan.flatMap((step) => {
    const { id, at = 0, helped } = step;
    if (!helped || helped.at < at) return [];
    const text = `${nameOf(step)} ${helped.ok ? "has helped" : "has not helped"}. ${helped.text}${helped.ok ? "" : wayBack(step)}`;
    return [{ part: `helped/${id}/${at}/${helped.ok}`, reply: { text, mention: [], ...(!helped.ok && { escalates: true }) } }];
  });
}

/** How it is taken back, with a blank before it. What takes something back is itself taken back by that. */
function wayBack({ kind, aside }: Step): string {
  if (aside === "undo") return kind === "rollback" ? ` To take it back: "${stepName.rollback}", under the message.` : "";
  const undo = undoOf[kind];
  return undo === undefined ? "" : ` To take it back: "${undo}", in the list under the message.`;
}

/** How the step that takes it back is called. */
const undoOf: Partial<Record<Step["kind"], string>> = {
  cap: stepName.restore,
  lower: stepName.restore,
  rollback: nameOf({ id: "undo-rollback", kind: "rollback" }),
  scale: nameOf({ id: "undo-scale", kind: "scale" }),
  drain: stepName.uncordon,
  pause: stepName.resume,
};

function number(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
