import type { IllnessKind } from "#domain/illness.ts";
import type { Incident } from "#domain/incident.ts";
import { text } from "#analysis/report/markdown.ts";
import type { Lesson } from "./lesson.ts";

const known: Partial<Record<IllnessKind, Pick<Lesson, "says" | "todo">>> = {
  "crash-loop": {
    says: "Starting the image once before it is rolled out would have shown that it crashes.",
    todo: "Start each image once, with the settings of production, before it is rolled out.",
  },
  "out-of-memory": {
    says: "A run with its memory limit before the rollout would have shown that it is too low.",
    todo: "Compare the memory that it needs with its limit, and alert at 90 % of it.",
  },
  "image-pull": {
    says: "Looking whether the image is there before the rollout would have stopped it.",
    todo: "Have the pipeline look for the image in the registry before it deploys.",
  },
  "bad-configuration": {
    says: "Looking for the ConfigMaps, Secrets and commands that it names before the rollout would have stopped it.",
    todo: "Have the pipeline look that what the pod template names is there.",
  },
  "cannot-create": {
    says: "A dry run of one pod before the rollout would have shown that none can be created.",
    todo: "Have the pipeline create one pod with a dry run before it deploys.",
  },
  "never-ready": {
    says: "A canary that must become ready first would have stopped it.",
    todo: "Let the rest of a rollout wait until its first pod is ready.",
  },
  slower: {
    says: "A latency check on the first pods of the rollout would have stopped it.",
    todo: "Compare the latency of new pods with that of old ones before the rest follows.",
  },
  "no-metrics": {
    says: "An alert on the autoscaler's metrics would have come before its count mattered.",
    todo: "Alert when an autoscaler has no metrics for five minutes.",
  },
  "quota-exhausted": {
    says: "An alert at 80 % of the quota would have come before it was used up.",
    todo: "Alert at 80 % of each quota, and say who decides about more.",
  },
  "no-new-nodes": {
    says: "An alert on what the node pool may still grow would have come before it was full.",
    todo: "Alert when a node pool is near its limit, or its cloud has no more of that kind.",
  },
  "no-pod-addresses": {
    says: "An alert on free pod addresses would have come before there were none.",
    todo: "Alert when few pod addresses are free, and plan a larger range.",
  },
};

/** One for each kind of illness that was told, with its own words as the fact. */
export function illnessLessons({ illnesses = [], timeline }: Incident): readonly Lesson[] {
  // What was told stays in the timeline, under `illness/<kind>/<when>`; what is seen now may not be there yet.
  const told = timeline.map(({ id, text: said }) => ({ kind: id.split("/")[1] ?? "", said, isTold: id.startsWith("illness/") }));
  const seen = illnesses.map(({ kind, text: said }) => ({ kind, said, isTold: true }));
  const byKind = new Map([...told, ...seen].filter(({ isTold }) => isTold).map((one) => [one.kind, one.said]));
  return [...byKind].flatMap(([kind, said]) => {
    const lesson = known[kind as IllnessKind];
    return lesson ? [{ ...lesson, because: text(said, 300) }] : [];
  });
}
