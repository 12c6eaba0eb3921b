import type { Block } from "#bot/blocks.ts";
import { context, header, section } from "#bot/blocks.ts";
import { type Incident, leadOf } from "#domain/incident.ts";
import { type Step, wasDone } from "#domain/plan.ts";
import type { Instant } from "#domain/workload.ts";
import { count, counted, percent, shortName, when } from "#bot/words.ts";
import { authorName, namedSuspects, suspectLine } from "./suspect-words.ts";
import { growingSince } from "./situation.ts";
import { pack } from "#bot/fit.ts";
import { stateLine } from "./state-line.ts";
import { renderVerdict } from "./verdict.ts";
import { phasePiece } from "./phases.ts";
import { phasesOf } from "#domain/phases.ts";
import { stepLine, undoSelect } from "./steps.ts";
import { illnessLines, troubleOver } from "./trouble.ts";

/** Characters for what was done: a dozen acts or more. */
const mostOfActs = 3_500;

/** The headline once it is over: short, green, what happened and how long each phase took. */
export function renderSettled(incident: Incident, now: Instant, course: readonly Block[]): Block[] {
  const done = incident.plan.filter((step) => step.kind !== "verify" && (wasDone(step) || step.state === "failed"));
  return [
    header(`:white_check_mark: ${shortName(incident.workload, 90)}${over(incident)}`),
    context(stateLine(incident, now)),
    section([story(incident, now), cause(incident)].join("\n")),
    section([...phasesOf(incident).map((phase) => phasePiece(phase, now)), ...peak(incident)].join(" · ")),
    ...course,
    ...pack(acts(done, now), 2_900).map(section),
    ...undoSelect(incident),
    ...renderVerdict(incident, now),
  ];
}

/** What was done, in the plan's order; where that is long, the newest, and how many there were before. */
function acts(done: readonly Step[], now: Instant): string[] {
  const lines = done.map((step, index) => ({ at: step.at ?? 0, text: stepLine(step, index, now) }));
  const newest = lines.toSorted((a, b) => b.at - a.at);
  let left = mostOfActs;
  const shown = new Set(newest.filter(({ text }) => (left -= text.length) >= 0));
  const missing = lines.length - shown.size;
  const more = missing > 0 ? [`_${counted(missing, "act")} before: the thread has each._`] : [];
  return [...more, ...lines.filter((line) => shown.has(line)).map(({ text }) => text)];
}

function over(incident: Incident): string {
  const title = troubleOver(incident);
  return title === undefined ? ` is back at ${counted(incident.now.desired, "replica")}` : `: ${title}`;
}

function story(incident: Incident, now: Instant): string {
  if (leadOf(incident) !== "runaway")
    return [`It began at ${when(incident.spike.startedAt, now)}. It was:`, ...illnessLines({ ...incident, illnesses: [] })].join(
      "\n",
    );
  const { workload, usual, peak } = incident;
  const nodes =
    usual.nodes === undefined
      ? `${counted(peak.nodes, "node")} at most`
      : `from ${count(usual.nodes)} to ${counted(peak.nodes, "node")}`;
  return `From ${when(growingSince(incident), now)} \`${shortName(workload, 130)}\` grew from ${count(usual.replicas)} to ${counted(peak.replicas, "replica")}, and the cluster ${nodes}.`;
}

function cause({ diagnosis }: Incident): string {
  const first = diagnosis === undefined ? undefined : namedSuspects(diagnosis)[0];
  if (first === undefined) return "No change was suspected.";
  const author = authorName(first);
  return `First suspect, ${percent(first.probability)}: ${suspectLine(first)}${author === undefined ? "" : ` · ${author}`}`;
}

function peak({ peak: { replicas, nodes }, spike }: Incident): string[] {
  return leadOf({ spike }) === "runaway" ? [`*Peak* ${counted(replicas, "replica")}, ${counted(nodes, "node")}`] : [];
}
