import type { ActResult, Preview, PreviewResult, StepOrder } from "#domain/order.ts";
import type { CeilingIntent } from "#domain/intent.ts";
import { listHpas, patchHpa, readDeployment, readHpa, type JsonPatchOperation } from "#clients/kubernetes/api.ts";
import type { KubeHpa } from "#clients/kubernetes/objects.ts";
import { type Action, type ActionContext, alreadyDone, count, counted, refused, stale } from "./action.ts";
import { findScaledObject, ownerWarnings } from "./owners.ts";
import { tryWrite, untilSettled } from "./write.ts";

/** Where the ceiling that stood before is kept, so that it can be given back. */
const cappedFromAnnotation = "k8s-why.dev/capped-from";
const cappedToAnnotation = "k8s-why.dev/capped-to";

type No = Extract<PreviewResult, { kind: "refused" | "already-done" }>;
type Found = { readonly kind: "found"; readonly hpa: KubeHpa; readonly replicas: number } | No;

/** Freezes the autoscaler's ceiling: never below what runs, so that no serving pod is stopped. */
export function createCap(context: ActionContext): Action<CeilingIntent> {
  const { connection } = context;
  return {
    preview: (order) =>
      untilSettled<PreviewResult>("preview the cap", async () => {
        const found = await findAutoscaler(context, order);
        if (found.kind !== "found") return found;
        const { hpa, replicas } = found;
        const toMax = newCeiling(hpa, replicas, order.capFloor ?? 0);
        if (toMax >= hpa.spec.maxReplicas) return atCeiling(hpa, replicas);
        const dryRun = await tryWrite(() => writeCeiling(context, order, hpa, toMax, true));
        if (dryRun.kind === "moved") return undefined;
        if (dryRun.kind === "refused") return dryRun;
        return { kind: "preview", preview: toPreview(context, order, found, toMax) };
      }),
    act: (intent, order) =>
      untilSettled<ActResult>("cap the autoscaler", async () => {
        const found = await findAutoscaler(context, order);
        if (found.kind !== "found") return found;
        const { hpa, replicas } = found;
        if (hpa.metadata.uid !== intent.autoscalerUid)
          return stale(`The autoscaler "${intent.autoscaler}" was replaced by another.`);
        const { maxReplicas } = hpa.spec;
        if (maxReplicas !== intent.fromMax)
          return stale(`The ceiling moved from ${count(intent.fromMax)} to ${count(maxReplicas)}.`);
        // Pods may have been added since it was shown: what was shown is a minimum.
        const toMax = newCeiling(hpa, replicas, intent.toMax);
        if (toMax >= maxReplicas) return atCeiling(hpa, replicas);
        const written = await tryWrite(() => writeCeiling(context, order, hpa, toMax, false));
        if (written.kind === "moved") return undefined;
        if (written.kind === "refused") return written;
        const now = await readHpa(connection, order.workload.namespace, hpa.metadata.name);
        if (now?.spec.maxReplicas !== toMax) return undoneAtOnce(now);
        return {
          kind: "done",
          text: `The ceiling of "${hpa.metadata.name}" is ${count(toMax)} (was ${count(maxReplicas)}); ${counted(replicas, "replica")} were wanted at that moment.`,
        };
      }),
  };
}

async function findAutoscaler({ connection }: ActionContext, { workload }: StepOrder): Promise<Found> {
  const { namespace, name, kind } = workload;
  const title = `${namespace}/${name}`;
  if (kind !== "Deployment") return refused(`Only Deployments can be capped yet: ${title} is a ${kind}.`);
  const [deployment, hpas] = await Promise.all([readDeployment(connection, namespace, name), listHpas(connection, namespace)]);
  if (!deployment) return refused(`There is no Deployment ${title} any more.`);
  const own = hpas.filter(
    ({ spec: { scaleTargetRef: target } }) => target.kind === kind && target.name === name && isApps(target.apiVersion),
  );
  const [hpa] = own;
  if (!hpa) return refused(`No autoscaler scales ${title}: there is no ceiling to lower.`);
  if (own.length > 1) return refused(`${own.length} autoscalers scale ${title}: decide by hand which one is right.`);
  const scaledObject = findScaledObject(hpa.metadata);
  if (scaledObject !== undefined) {
    return refused(
      `KEDA's ScaledObject "${scaledObject}" owns this autoscaler and would reset its bounds: lower maxReplicaCount there.`,
    );
  }
  return cappedAlready(hpa) ?? { kind: "found", hpa, replicas: deployment.spec.replicas ?? 1 };
}

function isApps(apiVersion: string | undefined): boolean {
  return apiVersion === undefined || apiVersion.startsWith("apps/");
}

/** Capped by us, and nobody has raised it since. */
function cappedAlready({ metadata, spec }: KubeHpa): No | undefined {
  const from = Number(metadata.annotations?.[cappedFromAnnotation]);
  const to = Number(metadata.annotations?.[cappedToAnnotation] ?? from - 1);
  if (!(from > 0) || !(spec.maxReplicas <= to)) return undefined;
  return alreadyDone(`"${metadata.name}" is capped already: its ceiling is ${count(spec.maxReplicas)} (was ${count(from)}).`);
}

function newCeiling(hpa: KubeHpa, replicas: number, floor: number): number {
  return Math.max(1, Math.ceil(floor), replicas, hpa.spec.minReplicas ?? 1);
}

function atCeiling({ metadata, spec }: KubeHpa, replicas: number): No {
  return alreadyDone(
    `"${metadata.name}" cannot rise much further: its ceiling is ${count(spec.maxReplicas)}, and ${counted(replicas, "replica")} wanted now.`,
  );
}

function undoneAtOnce(hpa: KubeHpa | undefined): ActResult {
  if (!hpa) return refused("The ceiling was lowered, and then the autoscaler was deleted.");
  return refused(
    `The ceiling was lowered, and something set it to ${count(hpa.spec.maxReplicas)} at once: look for the tool that owns it.`,
  );
}

function writeCeiling(
  { connection, fieldManager }: ActionContext,
  { workload }: StepOrder,
  hpa: KubeHpa,
  toMax: number,
  dryRun: boolean,
): Promise<KubeHpa> {
  const { name, uid, annotations } = hpa.metadata;
  const kept = { [cappedFromAnnotation]: String(hpa.spec.maxReplicas), [cappedToAnnotation]: String(toMax) };
  const notes: JsonPatchOperation[] = annotations
    ? Object.entries(kept).map(([key, value]) => ({ op: "add", path: `/metadata/annotations/${key.replace("/", "~1")}`, value }))
    : [{ op: "add", path: "/metadata/annotations", value: kept }];
  const operations: JsonPatchOperation[] = [
    { op: "test", path: "/metadata/uid", value: uid },
    { op: "test", path: "/spec/maxReplicas", value: hpa.spec.maxReplicas },
    ...notes,
    { op: "replace", path: "/spec/maxReplicas", value: toMax },
  ];
  return patchHpa(connection, workload.namespace, name, { type: "json", operations }, { dryRun, fieldManager });
}

function toPreview(
  { clock }: ActionContext,
  { workload }: StepOrder,
  { hpa, replicas }: Extract<Found, { kind: "found" }>,
  toMax: number,
): Preview {
  const { name, uid } = hpa.metadata;
  const fromMax = hpa.spec.maxReplicas;
  return {
    at: clock.now(),
    intent: { kind: "cap", workload, autoscaler: name, autoscalerUid: uid, fromMax, toMax },
    effects: [
      `The autoscaler "${name}" cannot go above ${counted(toMax, "replica")}.`,
      `No pod is stopped. ${counted(replicas, "replica")} are wanted now; if it has grown by the time you press, the ceiling is what is wanted then.`,
      `The old ceiling, ${count(fromMax)}, is kept in the annotation ${cappedFromAnnotation}, to be given back.`,
    ],
    changes: [{ what: "maxReplicas", before: count(fromMax), after: count(toMax) }],
    warnings: [
      `It stops the growth, not the cause: load that ${counted(toMax, "replica")} cannot carry shows as latency.`,
      ...ownerWarnings("The autoscaler", hpa.metadata),
    ],
    dryRun: "accepted",
  };
}
