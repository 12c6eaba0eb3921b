import { formatDistanceStrict } from "date-fns/formatDistanceStrict";
import { subDays } from "date-fns/subDays";
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

/** The one workload that a person means: `name`, `namespace/name` or `cluster/namespace/name`; else names like it. */
export function findNamed(
  states: readonly WorkloadState[],
  asked: string,
): { kind: "found"; state: WorkloadState } | { kind: "unknown"; similar: string[] } {
  const found = states.filter((state) => matches(workloadKey(state.workload), asked));
  const [state] = found;
  if (state && found.length === 1) return { kind: "found", state };
  return { kind: "unknown", similar: similarTo(asked, found.length > 1 ? found : states) };
}

function matches(key: string, asked: string): boolean {
  return key === asked || key.endsWith(`/${asked}`);
}

function similarTo(asked: string, states: readonly WorkloadState[]): string[] {
  const name = asked.split("/").at(-1)?.toLowerCase() ?? "";
  const names = states.map((state) => `${state.workload.namespace}/${state.workload.name}`);
  const near = names.filter((candidate) => candidate.toLowerCase().includes(name.slice(0, 4)) || candidate.endsWith(`/${asked}`));
  return near.slice(0, 5);
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
