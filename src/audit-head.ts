import type { AuditHead } from "#domain/audit.ts";
import { createClock } from "#lib/clock.ts";
import type { KubeConnection } from "#clients/kubernetes/connection.ts";
import { createConfigMap, patchConfigMap, readConfigMap } from "#clients/kubernetes/api.ts";
import { messageOf } from "#lib/errors.ts";
import type { Parts } from "#app/parts.ts";

const wall = createClock();
/** Wall milliseconds. */
const everyMs = 60_000;
const name = "k8s-why-audit-head";

/**
 * Writes the head of the audit stream where Redis does not reach, whenever it has moved: as a line of the log, and into a ConfigMap of our own namespace, where
 * one is known. A head that goes back, or another at the same place, is not taken: it is shouted about.
 */
export async function tellAuditHead(
  signal: AbortSignal,
  { store, environment, log }: Parts,
  connection: KubeConnection,
): Promise<void> {
  const namespace = environment.POD_NAMESPACE;
  let told: AuditHead | undefined;
  while (!signal.aborted) {
    try {
      const head = await store.auditHead();
      if (told && isBefore(head, told)) log.error({ head, told }, "The audit stream was changed: its head went back");
      else if (head && head.hash !== told?.hash) {
        log.info({ seq: head.seq, hash: head.hash }, "Audit head");
        if (namespace !== undefined) await keepHead(connection, namespace, head, log);
        told = head;
      }
    } catch (error) {
      log.warn({ error: messageOf(error) }, "The head of the audit stream cannot be written down now");
    }
    await wall.sleep(everyMs, signal);
  }
}

/** Is it older than what was told, or something else in the same place? */
export function isBefore(head: AuditHead | undefined, told: AuditHead): boolean {
  return head === undefined || head.seq < told.seq || (head.seq === told.seq && head.hash !== told.hash);
}

/** Into the ConfigMap, unless that holds a later one, or another at the same place. */
export async function keepHead(
  connection: KubeConnection,
  namespace: string,
  head: AuditHead,
  log: Pick<Parts["log"], "error">,
): Promise<boolean> {
  const held = await readConfigMap(connection, namespace, name);
  const data = { seq: String(head.seq), hash: head.hash };
  if (!held) {
    await createConfigMap(connection, namespace, { metadata: { name }, data });
    return true;
  }
  const kept = { seq: Number(held.data?.["seq"] ?? 0), hash: held.data?.["hash"] ?? "" };
  if (isBefore(head, kept)) {
    log.error({ head, kept }, "The audit stream was changed: the cluster keeps a later head, or another at the same place");
    return false;
  }
  // Only over what was read: two of us must not take turns.
  await patchConfigMap(connection, namespace, name, { metadata: { resourceVersion: held.metadata.resourceVersion }, data });
  return true;
}
