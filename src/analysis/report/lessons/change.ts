import { leadOf } from "#domain/incident.ts";
import { WELL } from "#analysis/checks.ts";
import { suspectTitle } from "#analysis/suspect-title.ts";
import { count, duration, listed, ratioText } from "#analysis/words.ts";
import { beganAt, suspectsOf } from "#analysis/report/facts.ts";
import { code, moment, text } from "#analysis/report/markdown.ts";
import { seconds } from "#analysis/report/words.ts";
import type { LessonRule } from "./lesson.ts";

/** A canary is watched for so long at least, minutes. */
const CANARY_MINUTES = 5;

/** The new revision went to all pods before anything could be seen. */
export const slowRollout: LessonRule = (incident) => {
  const { diagnosis, usual } = incident;
  const rollout = diagnosis?.rollout;
  const lead = leadOf(incident);
  const isCount = lead === "runaway" || lead === "above-ceiling";
  const began = beganAt(incident);
  if (!diagnosis?.named || !rollout || rollout.at > began || !isCount || usual.replicas < 2) return undefined;
  const lag = began - rollout.at;
  const minutes = Math.max(CANARY_MINUTES, Math.ceil(lag / 60_000));
  return {
    says: `A slower rollout would have shown it on one pod instead of ${count(usual.replicas)}.`,
    because: `Revision ${rollout.revision} rolled out at ${moment(rollout.at)}, and it began ${duration(lag)} later.`,
    todo: `Roll out in steps: a canary of one pod, watched for ${count(minutes, "minute")} at least before the rest follows.`,
  };
};

/** Each request became dearer: that can be measured before the merge. */
export const loadTest: LessonRule = (incident) => {
  const { usual, peak } = incident;
  const [first] = suspectsOf(incident);
  if (first?.subject.kind !== "landing" || !usual.costPerRequest || peak.costPerRequest === undefined) return undefined;
  const times = peak.costPerRequest / usual.costPerRequest;
  if (times < WELL) return undefined;
  return {
    says: "A load test before the merge would have shown it.",
    because: `CPU per request went from ${seconds(usual.costPerRequest)} to ${seconds(peak.costPerRequest)}, ${ratioText(times)} times, whatever the number of requests.`,
    todo: `Measure CPU per request of such changes before the merge, against ${seconds(usual.costPerRequest)}.`,
  };
};

/** Code and schema had to go back together. */
export const migrationsApart: LessonRule = (incident) => {
  const safety = incident.diagnosis?.rollbackSafety;
  const [first] = suspectsOf(incident);
  if (!safety || !first || safety.migrations.length === 0 || safety.verdict === "safe") return undefined;
  return {
    says: "Without a migration in the same change the code could have gone back at once.",
    because: `What was rolled out with ${text(suspectTitle(first.subject, 80), 120)} holds ${listed(safety.migrations.map((path) => code(path)))}, so code and schema had to go back together.`,
    todo: "Ship schema changes on their own, before the code that needs them, so that old code runs on the new schema.",
  };
};
