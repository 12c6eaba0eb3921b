import type { Incident } from "#domain/incident.ts";
import type { Shared, SharedKind } from "#domain/storm.ts";
import type { Suspect } from "#domain/diagnosis.ts";
import type { Trouble } from "#domain/spike.ts";
import { leadOf } from "#domain/incident.ts";
import { wordsOf } from "#domain/change-words.ts";

/** What is told as shared: by so many of them at least. */
const LEAST_SHARE = 0.6;
/** Two that agree in something may be chance. */
const LEAST_COUNT = 3;

/** What one incident could share with others, a few names for each kind. */
export type Traits = Partial<Readonly<Record<SharedKind, readonly string[]>>>;

/** From what says most about a cause to what says least. */
const order: readonly SharedKind[] = ["change", "node-pool", "image", "quota", "trouble", "namespace", "cluster"];

/** What at least 60 % share, of each kind the name that most have; what says most first. */
export function sharedBy(all: readonly Traits[]): readonly Shared[] {
  return order.flatMap((kind) => {
    const [name, count] = commonest(all.map((traits) => traits[kind] ?? []));
    return count >= LEAST_COUNT && count >= LEAST_SHARE * all.length ? [{ kind, name, count, of: all.length }] : [];
  });
}

function commonest(lists: readonly (readonly string[])[]): readonly [name: string, count: number] {
  const counts = new Map<string, number>();
  for (const names of lists) for (const name of new Set(names)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0] ?? ["", 0];
}

/** What an incident could share with others, as far as it is known now. */
export function traitsOf(incident: Incident): Traits {
  const { workload, diagnosis, suffers = { pools: [], quotas: [] } } = incident;
  return {
    cluster: [workload.cluster],
    namespace: workload.namespace === "" ? [] : [`${workload.cluster}/${workload.namespace}`],
    trouble: [troubleNames[leadOf(incident)]],
    change: diagnosis?.named ? diagnosis.suspects.slice(0, 1).map(nameOf) : [],
    image: diagnosis?.rollout?.images.map(({ image }) => image) ?? [],
    "node-pool": suffers.pools,
    quota: suffers.quotas,
  };
}

/** A landing is known by its commit: several workloads may run it. */
function nameOf({ subject }: Suspect): string {
  switch (subject.kind) {
    case "landing":
      return `${subject.landing.sha.slice(0, 7)} ${titleOf(subject.landing.message)}`;
    case "rollout":
      return subject.rollout.commit?.sha.slice(0, 7) ?? subject.rollout.id;
    case "other":
      return wordsOf(subject.change);
  }
}

function titleOf(message: string): string {
  return message.trimStart().split("\n", 1)[0]?.slice(0, 120) ?? "";
}

const troubleNames: Readonly<Record<Trouble, string>> = {
  runaway: "they run away",
  "above-ceiling": "they need more than their ceiling",
  "rollout-failing": "a rollout fails",
  "autoscaler-ill": "the autoscaler is ill",
  cluster: "the place itself is in trouble",
};
