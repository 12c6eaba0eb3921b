import type { Incident } from "#domain/incident.ts";
import type { Log } from "#lib/log.ts";
import type { OwnersPort } from "#domain/ports/told.ts";
import { isPlace, type WorkloadState } from "#domain/workload.ts";
import { messageOf } from "#lib/errors.ts";
import { within } from "#lib/within.ts";

const OWNER = "k8s-why.dev/owner";
/** A message waits for it. Wall milliseconds. */
const patienceMs = 3_000;

interface Verbs extends OwnersPort {
  readonly findWorkload: (key: string) => Promise<WorkloadState | undefined>;
}

/** Owners as an annotation or CODEOWNERS writes them. */
export interface Owners {
  /** Of the suspect's files, and of the workload. */
  readonly owners: readonly string[];
  /** Whose the workload is: its annotation's team, else who owns its paths. */
  readonly teams: readonly string[];
}

/** Finds whose code it is, as far as annotations and CODEOWNERS say. Throws only where the store is away. */
export function createFindOwners(verbs: Verbs, log: Log): (incident: Incident) => Promise<Owners> {
  const read = async (repository: string, branch: string, paths: readonly string[]) => {
    try {
      return await within(patienceMs, "read CODEOWNERS", verbs.owners(repository, branch, paths));
    } catch (error) {
      log.warn({ repository, branch, reason: messageOf(error) }, "CODEOWNERS could not be read");
      return [];
    }
  };
  return async (incident) => {
    const [state, ofSuspect, ofPaths] = await Promise.all([
      isPlace(incident.workload) ? undefined : verbs.findWorkload(incident.key),
      suspectOwners(incident, read),
      workloadOwners(incident, read),
    ]);
    const said = (state?.annotations[OWNER] ?? "").split(",").flatMap((team) => team.trim() || []);
    return { owners: [...new Set([...said, ...ofSuspect, ...ofPaths])], teams: said.length > 0 ? said : ofPaths };
  };
}

type Read = (repository: string, branch: string, paths: readonly string[]) => Promise<readonly string[]>;

async function suspectOwners({ diagnosis }: Incident, read: Read): Promise<readonly string[]> {
  const subject = diagnosis?.named ? diagnosis.suspects[0]?.subject : undefined;
  if (subject?.kind !== "landing") return [];
  const { repository, branch, files } = subject.landing;
  return read(
    repository,
    branch,
    files.map(({ path }) => path),
  );
}

/** A directory that was only guessed by name says nothing of owners. */
async function workloadOwners({ diagnosis }: Incident, read: Read): Promise<readonly string[]> {
  const { repository, branch = "main", paths = [], from } = diagnosis?.ownership ?? {};
  return repository === undefined || from === "name" || from === "unknown" ? [] : read(repository, branch, paths);
}
