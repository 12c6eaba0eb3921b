import type { ActKind } from "#domain/plan.ts";
import { stepKinds } from "#domain/plan.ts";
import type { Identity } from "#domain/identity.ts";
import type { Rights } from "#domain/rights.ts";
import type { WorkloadKind, WorkloadRef } from "#domain/workload.ts";
import { type Access, accessReview, personAccessReview } from "#clients/kubernetes/api.ts";
import type { ActionContext } from "./action.ts";

const resources: Readonly<Record<WorkloadKind, string>> = {
  Deployment: "deployments",
  StatefulSet: "statefulsets",
  DaemonSet: "daemonsets",
};

type Needs = (workload: WorkloadRef) => readonly Access[];

const autoscaler: Needs = ({ namespace }) => [
  { verb: "patch", group: "autoscaling", resource: "horizontalpodautoscalers", namespace },
];
const itself: Needs = ({ namespace, kind }) => [{ verb: "patch", group: "apps", resource: resources[kind], namespace }];
const nodes: Needs = () => [{ verb: "patch", group: "", resource: "nodes" }];

/**
 * What each act writes, and so the agent must be allowed to. The Job of a down-migration is not among it: where no template is declared none is made, and where one is,
 * the dry run tells. Nor are NodeClaims, which only Karpenter's nodes have.
 */
const needs: Readonly<Record<ActKind, Needs>> = {
  cap: autoscaler,
  migrate: () => [],
  rollback: itself,
  lower: autoscaler,
  drain: ({ namespace }) => [
    { verb: "patch", group: "", resource: "nodes" },
    { verb: "create", group: "", resource: "pods", subresource: "eviction", namespace },
  ],
  restore: autoscaler,
  scale: itself,
  pause: itself,
  resume: itself,
  restart: itself,
  cordon: nodes,
  uncordon: nodes,
};

/** A person whose yes makes a Job must be allowed to make one; also where, for want of a template, it is their word. */
const personNeeds: typeof needs = {
  ...needs,
  migrate: ({ namespace }) => [{ verb: "create", group: "batch", resource: "jobs", namespace }],
};

/** Why a person, as Kubernetes knows them, may not do an act by themselves; undefined: they may (SubjectAccessReview). */
export async function whyPersonMayNot(
  { connection }: Pick<ActionContext, "connection">,
  identity: Identity,
  kind: ActKind,
  workload: WorkloadRef,
): Promise<string | undefined> {
  for (const access of personNeeds[kind](workload)) {
    const { allowed } = await personAccessReview(connection, identity, access);
    if (!allowed) return `Kubernetes does not allow "${identity.user.slice(0, 100)}" to ${whatOf(access)}.`;
  }
  return undefined;
}

/** Asks the API server what the agent itself may do to a workload (SelfSubjectAccessReview), each right once. */
export async function readRights(
  { connection, clock, ownNamespace }: Pick<ActionContext, "connection" | "clock"> & { readonly ownNamespace: string },
  workload: WorkloadRef,
): Promise<Rights> {
  const asked = new Map<string, Promise<boolean>>();
  const may = (access: Access) => {
    const key = JSON.stringify(access);
    const answer = asked.get(key) ?? accessReview(connection, access).then(({ allowed }) => allowed);
    asked.set(key, answer);
    return answer;
  };
  const missing: Partial<Record<ActKind, string>> = {};
  for (const kind of stepKinds) {
    if (kind === "verify") continue;
    const wanted = needs[kind](workload);
    const answers = await Promise.all(wanted.map(may));
    const lacking = wanted.find((_, index) => answers[index] === false);
    if (lacking) missing[kind] = sentence(lacking, ownNamespace);
  }
  return { at: clock.now(), missing };
}

function sentence(access: Access, ownNamespace: string): string {
  const { namespace } = access;
  if (namespace === undefined) return `the agent's right to ${whatOf(access)}: deploy/k8s-why.yaml has it as k8s-why-nodes`;
  return `the agent's right to ${whatOf(access)}: kubectl create rolebinding k8s-why-act --clusterrole=k8s-why-act --serviceaccount=${ownNamespace}:k8s-why --namespace=${namespace}`;
}

/** `patch deployments.apps in shop` */
function whatOf({ verb, group, resource, subresource, namespace }: Access): string {
  const what = `${resource}${group === "" ? "" : `.${group}`}${subresource === undefined ? "" : `/${subresource}`}`;
  return `${verb} ${what}${namespace === undefined ? "" : ` in ${namespace}`}`;
}
