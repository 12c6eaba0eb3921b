import { z } from "zod";
import type { Begun, NonceEntry, NoncePort } from "#domain/ports/gate.ts";
import type { Instant } from "#domain/workload.ts";
import { patchConfigMap, readConfigMap } from "#clients/kubernetes/api.ts";
import type { KubeConfigMap } from "#clients/kubernetes/objects.ts";
import type { KubeConnection } from "#clients/kubernetes/connection.ts";
import { StaleError, TemporaryError } from "#lib/errors.ts";

const name = "k8s-why-steps";
const mostRaces = 20;
/** A ConfigMap takes a MiB; whoever fills it with more than this is not working with us. */
const mostEntries = 1_000;
/** What was begun and not ended is remembered for as long as its job may come back, and longer: whoever runs it then has to say that it had begun. */
const begunKeptMs = 7 * 24 * 60 * 60_000;

const held = z.object({
  state: z.enum(["begun", "ended"]),
  digest: z.string(),
  workload: z.string(),
  until: z.number(),
});
type Held = z.infer<typeof held>;

/** Remembers documents in a ConfigMap of the agent's own namespace, so that who can write Redis cannot make it forget. Only one of several writers wins. */
export function createNonces(connection: KubeConnection, namespace: string, now: () => Instant): NoncePort {
  /** Reads, judges and writes what `change` says, or starts over when somebody else has written between. */
  const update = async <T>(
    change: (entries: ReadonlyMap<string, Held>) => { result: T; data?: Record<string, string | null> },
  ) => {
    for (let races = 0; races < mostRaces; races += 1) {
      const map = await readConfigMap(connection, namespace, name);
      if (!map) throw new Error(`There is no ConfigMap "${namespace}/${name}": deploy/k8s-why.yaml has it`);
      const entries = entriesOf(map);
      const { result, data } = change(entries);
      if (!data || (await write(connection, namespace, map, { ...forgotten(entries, now()), ...data }))) return result;
    }
    throw new TemporaryError(`Cannot write the ConfigMap "${name}": others wrote it ${mostRaces} times in a row`);
  };
  return {
    beginStep: (entry, onlyAgain) =>
      update((entries) => {
        const known = judge(entries, entry, now());
        if (known !== "begun") return { result: known };
        if (onlyAgain) return { result: "late" as const };
        if (entries.size >= mostEntries) throw new TemporaryError(`The ConfigMap "${name}" is full: ${entries.size} entries`);
        const { nonce, ...rest } = entry;
        return { result: known, data: { [nonce]: JSON.stringify({ ...rest, state: "begun" } satisfies Held) } };
      }),
    endStep: (nonce) =>
      update((entries) => {
        const entry = entries.get(nonce);
        return { result: undefined, ...(entry && { data: { [nonce]: JSON.stringify({ ...entry, state: "ended" }) } }) };
      }),
  };
}

function judge(entries: ReadonlyMap<string, Held>, { nonce, digest, workload }: NonceEntry, now: Instant): Begun {
  const known = entries.get(nonce);
  if (known && (known.state === "ended" || known.digest !== digest)) return "used";
  if (known) return known.until > now ? "again" : "over";
  const other = [...entries.values()].some((one) => one.state === "begun" && one.workload === workload && one.until > now);
  return other ? "busy" : "begun";
}

/** What cannot be read counts as used: nobody can tell what it was. */
function entriesOf(map: KubeConfigMap): ReadonlyMap<string, Held> {
  return new Map(
    Object.entries(map.data ?? {}).map(([nonce, text]) => [
      nonce,
      parse(text) ?? { state: "ended", digest: "", workload: "", until: Infinity },
    ]),
  );
}

function parse(text: string): Held | undefined {
  try {
    return held.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** As a merge patch: null removes. */
function forgotten(entries: ReadonlyMap<string, Held>, now: Instant): Record<string, null> {
  const old = [...entries].filter(([, { state, until }]) => until + (state === "begun" ? begunKeptMs : 0) < now);
  return Object.fromEntries(old.map(([nonce]) => [nonce, null]));
}

/** False: somebody else was quicker. */
async function write(
  connection: KubeConnection,
  namespace: string,
  { metadata: { resourceVersion } }: KubeConfigMap,
  data: Record<string, string | null>,
): Promise<boolean> {
  try {
    await patchConfigMap(connection, namespace, name, { metadata: { resourceVersion }, data }, { fieldManager: "k8s-why" });
    return true;
  } catch (error) {
    if (error instanceof StaleError) return false;
    throw error;
  }
}
