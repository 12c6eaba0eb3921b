import type { Instant } from "#domain/workload.ts";
import type { LedgerPort } from "#domain/ports/store.ts";
import { type Past, createPast } from "#analysis/past/past.ts";

const day = 86_400_000;
/** As long as the ledger keeps changes. */
const ledgerMs = 30 * day;
/** Landings may arrive late: this much is read again each time. */
const overlapMs = 3_600_000;

/**
 * What the ledger's landings say about those of a window. The first call reads 30 days, later ones what came since: one read of
 * the ledger each. Calls at the same time share one read.
 */
export function createPastReader({ changesBetween }: Pick<LedgerPort, "changesBetween">): (now: Instant) => Promise<Past> {
  const past = createPast();
  let readUntil: Instant | undefined;
  let reading: Promise<Past> | undefined;
  const read = async (now: Instant): Promise<Past> => {
    const changes = await changesBetween(readUntil === undefined ? now - ledgerMs : readUntil - overlapMs, now);
    for (const change of changes) if (change.kind === "landing") past.add(change);
    readUntil = Math.max(now, readUntil ?? now);
    return past;
  };
  return (now) => {
    reading ??= read(now).finally(() => (reading = undefined));
    return reading;
  };
}
