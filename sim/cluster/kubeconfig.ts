/** The text of a kubeconfig for an API that `startKubeApi` serves. client-node refuses plain HTTP without the skip. */
export function formatKubeconfig(url: string, options: { readonly token?: string; readonly cluster?: string } = {}): string {
  const { cluster = "simulated", token } = options;
  const user = token === undefined ? {} : { token };
  return `${JSON.stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: cluster, cluster: { server: url, "insecure-skip-tls-verify": true } }],
      users: [{ name: "user", user }],
      contexts: [{ name: cluster, context: { cluster, user: "user" } }],
      "current-context": cluster,
    },
    undefined,
    2,
  )}\n`;
}
