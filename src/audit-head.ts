import type { AuditHead } from "#domain/audit.ts";
import { findHead, followAll, followFrom, formatHead } from "#app/audit-chain.ts";
import { patchConfigMap, readConfigMap } from "#clients/kubernetes/api.ts";
import type { KubeConnection } from "#clients/kubernetes/connection.ts";
import type { Log } from "#lib/log.ts";
import type { Store } from "#store/store.ts";
import { createClock } from "#lib/clock.ts";
import { messageOf } from "#lib/errors.ts";

const wall = createClock();
/** Wall milliseconds. */
const everyMs = 10_000;
/** The first look and each of so many, about one an hour, goes over the whole chain. */
const wholeEvery = 360;
const name = "k8s-why-audit-head";
const changed = "The audit stream was changed, or lost records";

export interface AuditHeadOptions {
  readonly store: Store;
  readonly connection: KubeConnection;
  /** Our own: it has the ConfigMap `k8s-why-audit-head`. */
  readonly namespace: string;
  readonly log: Log;
}

/** Keeps the head of the audit stream where Redis does not reach. */
export interface AuditHeadKeeper {
  /** One look: follows the chain from the head that is kept, at times from its beginning, to the newest record, and keeps that one. */
  keep(): Promise<void>;
  /** A sentence while the stream is not what was kept. */
  problem(): string | undefined;
}

/**
 * The head goes into a line of the log and into a ConfigMap of our own namespace; where that cannot be read it is remembered while this process lives. One that
 * went back, or that does not follow the one that is kept, is not taken: it is shouted about until a person has looked.
 */
export function createAuditHeadKeeper({ store, connection, namespace, log }: AuditHeadOptions): AuditHeadKeeper {
  let problem: string | undefined;
  let told: AuditHead | undefined;
  let looks = 0;
  return {
    problem: () => problem,
    keep: async () => {
      const held = await findHeld(connection, namespace, log);
      // Where the ConfigMap can be read, it alone counts: who empties it has looked, and begins anew.
      const kept = held ? held.head : told;
      const isWhole = looks % wholeEvery === 0;
      const found = await (kept && !isWhole ? followFrom(store, kept) : followAll(store, kept));
      looks += 1;
      problem = "problem" in found ? `${changed}: ${found.problem}.` : undefined;
      if ("problem" in found) return log.error({ kept, problem: found.problem }, changed);
      const { last: head } = found;
      if (!head || head.hash === kept?.hash) return;
      log.info({ head: formatHead(head) }, "Audit head");
      if (held) await writeHeld(connection, held, head);
      told = { seq: head.seq, hash: head.hash };
    },
  };
}

/** Keeps the head again and again until the signal aborts. */
export async function keepAuditHeadUntil(signal: AbortSignal, keeper: AuditHeadKeeper, log: Log): Promise<void> {
  while (!signal.aborted) {
    await keeper.keep().catch((error: unknown) => {
      log.warn({ error: messageOf(error) }, "The head of the audit stream cannot be kept now");
    });
    await wall.sleep(everyMs, signal);
  }
}

interface Held {
  readonly namespace: string;
  /** Undefined: none was written yet. */
  readonly head: AuditHead | undefined;
  readonly resourceVersion: string;
}

/** Undefined: it cannot be read now, which the log says; then what this process remembers has to do. */
async function findHeld(connection: KubeConnection, namespace: string, log: Log): Promise<Held | undefined> {
  try {
    return await readHeld(connection, namespace);
  } catch (error) {
    log.warn({ error: messageOf(error) }, "The kept head of the audit stream cannot be read");
    return undefined;
  }
}

async function readHeld(connection: KubeConnection, namespace: string): Promise<Held> {
  const held = await readConfigMap(connection, namespace, name);
  if (!held) throw new Error(`There is no ConfigMap "${namespace}/${name}": deploy/k8s-why.yaml has it`);
  const text = held.data?.["head"];
  const head = text === undefined ? undefined : findHead(text);
  if (text !== undefined && !head)
    throw new Error(`The ConfigMap "${namespace}/${name}" holds no head: expected "<number>:<64 hex digits>"`);
  return { namespace, head, resourceVersion: held.metadata.resourceVersion };
}

/** Only over what was read: two of us must not take turns. */
async function writeHeld(connection: KubeConnection, { namespace, resourceVersion }: Held, head: AuditHead): Promise<void> {
  const body = { metadata: { resourceVersion }, data: { head: formatHead(head) } };
  await patchConfigMap(connection, namespace, name, body, { fieldManager: "k8s-why" });
}
