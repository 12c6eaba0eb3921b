import type { KubeConnection } from "./connection.ts";
import { listAll } from "./list.ts";
import type { KubeMeta } from "./objects.ts";
import { pathOf } from "./path.ts";

/** v1 */
export interface KubeQuota {
  readonly metadata: KubeMeta;
  readonly spec?: { readonly scopes?: readonly string[]; readonly scopeSelector?: object };
  readonly status?: {
    readonly hard?: Readonly<Record<string, string>>;
    readonly used?: Readonly<Record<string, string>>;
  };
}

/** ResourceQuotas of a namespace. */
export function listQuotas(connection: KubeConnection, namespace: string): Promise<KubeQuota[]> {
  return listAll(connection, pathOf("v1", namespace, "resourcequotas"));
}
