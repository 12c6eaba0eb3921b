import type { KubeObject } from "#sim/cluster/types.ts";

/** The first container's image in a Deployment's template. */
export function imageOf({ spec }: KubeObject): string {
  const template = spec?.["template"] as { spec?: { containers?: { image?: string }[] } } | undefined;
  return template?.spec?.containers?.[0]?.image ?? "";
}
