import type { KubeContainer, KubeMeta, KubePodSpec } from "#clients/kubernetes/objects.ts";
import type { KubeConnection } from "#clients/kubernetes/connection.ts";
import type { QuotaRoom } from "#domain/rollout.ts";
import { listAll } from "#clients/kubernetes/list.ts";
import { findQuantity } from "#clients/kubernetes/quantity.ts";
import { pathOf } from "#clients/kubernetes/path.ts";
import { requested } from "./pods.ts";

interface KubeQuota {
  readonly metadata: KubeMeta;
  readonly spec?: { readonly scopes?: readonly string[]; readonly scopeSelector?: object };
  readonly status?: { readonly hard?: Readonly<Record<string, string>>; readonly used?: Readonly<Record<string, string>> };
}

/** How many more of these pods the quotas of a namespace let in, by quota and resource. Quotas with a scope are left out. */
export async function readQuotaRoom(connection: KubeConnection, namespace: string, spec: KubePodSpec): Promise<QuotaRoom[]> {
  const quotas = await listAll<KubeQuota>(connection, pathOf("v1", namespace, "resourcequotas"));
  const asked = askedOf(spec);
  return quotas
    .filter(({ spec }) => !spec?.scopes?.length && spec?.scopeSelector === undefined)
    .flatMap(({ metadata, status }) =>
      Object.entries(asked).flatMap(([resource, each]) => {
        const hard = findQuantity(status?.hard?.[resource]);
        if (hard === undefined || each <= 0) return [];
        const left = hard - (findQuantity(status?.used?.[resource]) ?? 0);
        return [{ name: metadata.name, resource, pods: Math.max(0, Math.floor(left / each + 1e-9)) }];
      }),
    );
}

/** What one pod takes of each resource that a quota may name. */
function askedOf(spec: KubePodSpec): Record<string, number> {
  const [cores, memory] = [requested(spec, "cpu"), requested(spec, "memory")];
  const limit = (resource: string) =>
    spec.containers.reduce((sum, { resources }: KubeContainer) => sum + (findQuantity(resources?.limits?.[resource]) ?? 0), 0);
  return {
    pods: 1,
    "count/pods": 1,
    cpu: cores,
    "requests.cpu": cores,
    memory,
    "requests.memory": memory,
    "limits.cpu": limit("cpu"),
    "limits.memory": limit("memory"),
  };
}
