import { formatDistanceStrict } from "date-fns/formatDistanceStrict";
import { subDays } from "date-fns/subDays";
import { readName } from "#analysis/names.ts";
import type { Change } from "#domain/change.ts";
import { wordsOf } from "#domain/change-words.ts";
import type { ClusterPort, ExpectationPort, IncidentPort, LedgerPort } from "#domain/ports/store.ts";
import type { Explanation } from "#domain/ports/slack.ts";
import { type Instant, type WorkloadState, workloadKey } from "#domain/workload.ts";

type Verbs = Pick<ClusterPort, "workloads"> &
  Pick<ExpectationPort, "expectations"> &
  Pick<IncidentPort, "findOpenIncident"> &
  Pick<LedgerPort, "changesBetween"> & { readonly usualOf: (key: string) => Promise<number | undefined> };

/** Answers `/k8s-why <workload>`: `name`, `namespace/name` or `cluster/namespace/name`. */
export function createExplain({
  verbs,
  cluster,
  now,
}: {
  verbs: Verbs;
  cluster: string;
  now: () => Instant;
}): (asked: string) => Promise<Explanation> {
  return async (asked) => {
    const named = findNamed(await verbs.workloads(cluster), asked);
    if (named.kind === "unknown") return named;
    const { state } = named;
    const key = workloadKey(state.workload);
    const incident = await verbs.findOpenIncident(key);
    if (incident) return { kind: "incident", incident };
    const at = now();
    const changes = await verbs.changesBetween(subDays(at, 7).getTime(), at);
    const recent = changes
      .filter((change) => "workload" in change && change.workload === key)
      .slice(-5)
      .reverse()
      .map((change) => sentence(change, at));
    const { autoscaler } = state;
    return {
      kind: "calm",
      workload: key,
      desired: state.desired,
      ready: state.ready,
      ceiling: autoscaler?.max,
      floor: autoscaler?.min,
      usual: await verbs.usualOf(key),
      cpuPercent: autoscaler?.cpuPercent,
      targetCpuPercent: autoscaler?.targetCpuPercent,
      expected: (await verbs.expectations(cluster)).find((held) => held.workload === key && held.until > at),
      recent,
    };
  };
}

/** The one workload that a person wrote out, say to do something about it: nothing is guessed; else names like it. */
export function findNamed(
  states: readonly WorkloadState[],
  asked: string,
): { kind: "found"; state: WorkloadState } | { kind: "unknown"; similar: string[] } {
  const byKey = new Map(states.map((state) => [workloadKey(state.workload), state]));
  const named = readName([...byKey.keys()], asked);
  const state = named.kind === "found" && !named.guessed ? byKey.get(named.key) : undefined;
  if (state) return { kind: "found", state };
  const near = named.kind === "found" ? [named.key] : named.keys.slice(0, 5);
  return { kind: "unknown", similar: near.map((key) => key.split("/").slice(1).join("/")) };
}

function sentence(change: Change, now: Instant): string {
  const when = formatDistanceStrict(change.at, now, { addSuffix: true });
  switch (change.kind) {
    case "rollout":
      return `${when}: rollout of revision ${change.revision}${change.commit ? ` (commit ${change.commit.sha.slice(0, 7)})` : ""}`;
    case "landing":
      return `${when}: ${change.message.split("\n")[0] ?? ""}`;
    default:
      return `${when}: ${wordsOf(change)}`;
  }
}
