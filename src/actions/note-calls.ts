import type { ApiCall } from "#domain/audit.ts";
import type { KubeConnection } from "#clients/kubernetes/connection.ts";

/** Of so many the first and the last half are listed. */
const LISTED = 60;

/** A connection that notes every write and dry run that goes over it, also those that get no answer. */
export function noteCalls(connection: KubeConnection): {
  readonly connection: KubeConnection;
  readonly noted: () => { readonly calls?: readonly ApiCall[]; readonly callsInAll?: number };
} {
  const first: ApiCall[] = [];
  const last: ApiCall[] = [];
  let all = 0;
  const note = (call: ApiCall) => {
    all += 1;
    if (first.length < LISTED / 2) first.push(call);
    else {
      last.push(call);
      if (last.length > LISTED / 2) last.shift();
    }
  };
  return {
    connection: {
      ...connection,
      [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
      send: async (asked) => {
        const { method = "GET", path, query } = asked;
        if (method === "GET") return connection.send(asked);
        const call = { method, path, dryRun: query?.["dryRun"] !== undefined };
        try {
          const answer = await connection.send(asked);
          note({ ...call, status: answer.statusCode });
          return answer;
        } catch (error) {
          note(call);
          throw error;
        }
      },
    },
    noted: () => {
      if (all === 0) return {};
      const calls = [...first, ...last];
      return calls.length < all ? { calls, callsInAll: all } : { calls };
    },
  };
}
