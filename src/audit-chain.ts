import type { AuditHead, AuditRecord } from "#domain/audit.ts";
import type { Store } from "#store/store.ts";
import { brokenAt } from "#lib/chain.ts";

/** What was found on the way: a sentence without its end, or the first and the newest record, where there are any. */
export type Followed = { readonly problem: string } | { readonly first?: AuditRecord; readonly last?: AuditRecord };

/** Follows the chain from its first record to its newest. A head that was written down must be in it. */
export async function followAll(store: Store, head?: AuditHead): Promise<Followed> {
  const found = await follow(store.auditRecords(), undefined, head);
  if ("problem" in found) return found;
  const issued = await store.auditIssued();
  const last = found.last?.seq ?? 0;
  // Others may have written since: those records are there.
  if (issued > last && (await isGone(store, last + 1))) return { problem: `records ${last + 1} to ${issued} were deleted` };
  return found;
}

/** Follows the chain from a head that was written down to the newest record. */
export function followFrom(store: Store, head: AuditHead): Promise<Followed> {
  return follow(store.auditRecords(head.seq), head.seq, head);
}

async function isGone(store: Store, seq: number): Promise<boolean> {
  for await (const record of store.auditRecords(seq)) return "unreadable" in record || record.seq !== seq;
  return true;
}

async function follow(
  records: ReturnType<Store["auditRecords"]>,
  from: number | undefined,
  head: AuditHead | undefined,
): Promise<Followed> {
  const found: { first?: AuditRecord; last?: AuditRecord } = {};
  for await (const record of records) {
    if ("unreadable" in record) return { problem: `what stands at ${record.unreadable} is no record` };
    const before = found.last ?? unseen(from, record);
    const problem = brokenAt(before, record) ?? (head && notTheHead(record, head));
    if (problem !== undefined) return { problem };
    found.first ??= record;
    found.last = record;
  }
  return head && isGoneBefore(found.last, head)
    ? { problem: `record ${head.seq}, which was written down as the head, is gone` }
    : found;
}

/** The first of a part follows one that is not looked at: its own hash says enough. */
function unseen(from: number | undefined, { previous }: AuditRecord): AuditHead | undefined {
  return from === undefined ? undefined : { seq: from - 1, hash: previous };
}

/** The chain has no gaps: what ends later holds it. */
function isGoneBefore(last: AuditRecord | undefined, { seq }: AuditHead): boolean {
  return last === undefined || last.seq < seq;
}

function notTheHead({ seq, hash }: AuditRecord, head: AuditHead): string | undefined {
  if (seq !== head.seq || hash === head.hash) return undefined;
  return `record ${seq} is not the one that was written down as the head`;
}

/** Reads `<number>:<64 hex digits>`, as the log, the ConfigMap and `k8s-why audit verify` show a head. */
export function findHead(text: string): AuditHead | undefined {
  const [, seq = "", hash] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  return hash === undefined ? undefined : { seq: Number(seq), hash };
}

/** A head as it is written down. */
export function formatHead({ seq, hash }: AuditHead): string {
  return `${seq}:${hash}`;
}
