import { leadOf } from "#domain/incident.ts";
import type { Trouble } from "#domain/spike.ts";
import { duration } from "#analysis/words.ts";
import { actsOf } from "#analysis/report/facts.ts";
import { moment } from "#analysis/report/markdown.ts";
import { stepName } from "#domain/plan.ts";
import type { LessonRule } from "./lesson.ts";

/** A press that comes so much later than the name is late. */
const LATE_MS = 10 * 60_000;

/** No other tool had noticed when we did. */
export const firstAlert: LessonRule = (incident) => {
  const { alerts, openedAt } = incident;
  const [first] = alerts.toSorted((a, b) => a.at - b.at);
  if (first && first.at <= openedAt) return undefined;
  const watched = worthAnAlert[leadOf(incident)];
  return {
    says: `An alert on ${watched} would call people where k8s-why does not run, or is not read.`,
    because: first
      ? `The first alert of another tool came ${duration(first.at - openedAt)} after the first message.`
      : "No alert of another tool came at all.",
    todo: `Add an alert on ${watched}.`,
  };
};

const worthAnAlert: Readonly<Record<Trouble, string>> = {
  runaway: "CPU per request or on a count of replicas far above its usual",
  "above-ceiling": "an autoscaler that stands at its ceiling (`ScalingLimited`)",
  "rollout-failing": "a rollout that makes no progress (`Progressing` is false)",
  "autoscaler-ill": "an autoscaler that cannot work (`ScalingActive` is false)",
  cluster: "pods that wait for a node, and quotas that are nearly used up",
};

/** The cause was known, and nobody pressed for a while. */
export const latePress: LessonRule = (incident) => {
  const [act] = actsOf(incident);
  const knownAt = incident.namedAt ?? incident.openedAt;
  if (!act || act.at - knownAt < LATE_MS) return undefined;
  return {
    says: "A quicker first press would have kept it smaller.",
    because: `"${stepName[act.kind]}" was pressed at ${moment(act.at)}, ${duration(act.at - knownAt)} after ${incident.namedAt === undefined ? "the first message" : "a change was named"}.`,
    todo: "Look who was called, who could press, and what they waited for.",
  };
};
