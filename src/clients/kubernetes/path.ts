/** The path of a resource: `pathOf("apps/v1", "shop", "deployments", "web")`; without a namespace, of all or of none. */
export function pathOf(apiVersion: string, namespace: string | undefined, resource: string, name?: string): string {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const inside = namespace ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${root}${inside}/${resource}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`;
}
