import type { Instant } from "#domain/workload.ts";
import type { GitHubPort } from "#domain/ports/cluster.ts";
import type { LedgerPort } from "#domain/ports/store.ts";
import { messageOf } from "#lib/errors.ts";
import type { Log } from "#lib/log.ts";
import type { JobData } from "./jobs.ts";
import type { KnownRepository } from "./ownership.ts";

type Verbs = Pick<LedgerPort, "addChanges" | "addAlert" | "findLastSeen" | "rememberLastSeen"> &
  Pick<GitHubPort, "landingsSince">;

/** A webhook's landings go into the ledger; a gap before them is filled from GitHub. */
export function createRecordLandings(verbs: Verbs): (data: JobData<"landings">) => Promise<void> {
  return async ({ repository, branch, before, after, landings }) => {
    await verbs.addChanges(landings);
    const last = await verbs.findLastSeen(repository, branch);
    if (last && before && last.sha !== before && last.sha !== after)
      await verbs.addChanges(await verbs.landingsSince(repository, branch, last));
    const newest = landings.at(-1);
    if (after && newest && (!last || newest.at >= last.at))
      await verbs.rememberLastSeen(repository, branch, { sha: after, at: newest.at });
  };
}

export interface ReconcileOptions {
  readonly repositories: readonly KnownRepository[];
  readonly windowMs: number;
  readonly now: () => Instant;
  readonly log: Log;
}

/** What landed while nobody listened: since the last commit seen, or over the whole window on the first day. */
export function createReconcile(verbs: Verbs, options: ReconcileOptions): () => Promise<void> {
  return async () => {
    const failures: unknown[] = [];
    for (const repository of options.repositories) {
      try {
        await reconcileOne(verbs, options, repository);
      } catch (error) {
        // One repository that is gone must not hide the others.
        failures.push(error);
        options.log.warn({ repository: repository.name, error: messageOf(error) }, "Landings could not be reconciled");
      }
    }
    if (failures.length > 0) throw failures[0];
  };
}

async function reconcileOne(
  verbs: Verbs,
  { windowMs, now, log }: ReconcileOptions,
  { name, branch }: KnownRepository,
): Promise<void> {
  const last = await verbs.findLastSeen(name, branch);
  const landings = await verbs.landingsSince(name, branch, last ?? { at: now() - windowMs });
  await verbs.addChanges(landings);
  const newest = landings.at(-1);
  if (newest) await verbs.rememberLastSeen(name, branch, { sha: newest.sha, at: newest.at });
  log.info({ repository: name, branch, landings: landings.length, since: last?.sha ?? "window" }, "Landings are reconciled");
}
