import type { KubeConnection } from "./connection.ts";

/** The same connection in somebody's name: the API server judges and records its writes as theirs. Reading stays ours. */
export function impersonating(
  connection: KubeConnection,
  { user, groups }: { readonly user: string; readonly groups: readonly string[] },
): KubeConnection {
  const headers = { "impersonate-user": user, ...(groups.length > 0 && { "impersonate-group": groups }) };
  return {
    ...connection,
    send: (asked) =>
      connection.send((asked.method ?? "GET") === "GET" ? asked : { ...asked, headers: { ...asked.headers, ...headers } }),
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}
