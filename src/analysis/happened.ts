import type { AuditRecord, AuditWhat } from "#domain/audit.ts";
import type { Alert } from "#domain/spike.ts";
import type { Change, Landing } from "#domain/change.ts";
import type { Happening } from "#domain/ports/look.ts";
import type { Incident, TimelineEntry } from "#domain/incident.ts";
import type { Ownership } from "#domain/ownership.ts";
import type { Instant, WorkloadKey } from "#domain/workload.ts";
import { stepKinds, stepName } from "#domain/plan.ts";
import { knownPaths } from "./paths.ts";
import { alertEntry, changeEntry } from "./timeline.ts";
import { titleOf } from "./words.ts";

/** All that is known of a stretch of time. */
export interface Known {
  readonly changes: readonly Change[];
  readonly alerts: readonly Alert[];
  readonly records: readonly AuditRecord[];
  /** Of this workload. */
  readonly incidents: readonly Incident[];
  readonly ownership: Ownership;
}

/** What of it happened to one workload since a moment, oldest first. The same thing known from two sides is there once. */
export function happenedTo(key: WorkloadKey, known: Known, from: Instant): Happening[] {
  const { changes, alerts, records, incidents } = known;
  const built = changes.flatMap((change) =>
    change.kind === "rollout" && change.workload === key ? (change.commit?.sha ?? []) : [],
  );
  const landings = changes.filter((change) => change.kind === "landing");
  const isOwn = createIsOwn(known.ownership, landings, built);
  const all: Happening[] = [
    ...incidents.flatMap(({ timeline }) => timeline.filter(({ kind }) => kind !== "act")),
    ...landings.filter(isOwn).map(landingEntry),
    ...changes.flatMap((change) => changeEntry(change, key).map((entry) => withOrigin(entry, change))),
    ...alerts.filter((alert) => isAbout(alert, key)).map(alertEntry),
    ...records.filter(({ on }) => on === key).flatMap(actEntry),
  ];
  return [...new Map(all.map((entry) => [entry.id, entry])).values()]
    .filter(({ at }) => at >= from)
    .toSorted((left, right) => left.at - right.at || (left.id < right.id ? -1 : 1));
}

/** One that its image was built from, or one that touches its own paths. */
function createIsOwn(ownership: Ownership, landings: readonly Landing[], built: readonly string[]) {
  const paths = knownPaths(ownership, landings);
  return ({ repository, sha, files }: Landing) =>
    built.some((short) => short.length > 6 && sha.startsWith(short)) ||
    (repository === ownership.repository &&
      files.some((file) => paths.some((path) => path !== "" && file.path.startsWith(path))));
}

function landingEntry({ id, at, sha, message, author, url }: Landing): Happening {
  return { id, at, kind: "landing", text: `${sha.slice(0, 7)} "${titleOf(message, 80)}" by ${author.name} lands.`, url };
}

function withOrigin(entry: TimelineEntry, change: Change): Happening {
  if (change.kind !== "reported") return entry;
  return { ...entry, ...(change.by !== undefined && { by: change.by }), ...(change.url !== undefined && { url: change.url }) };
}

/** Alerts name no cluster. */
function isAbout({ namespace, workload }: Alert, key: WorkloadKey): boolean {
  return workload !== undefined && key.endsWith(namespace === undefined ? `/${workload}` : `/${namespace}/${workload}`);
}

/** What was looked at, proposed or refused changed nothing. */
const told: Partial<Record<AuditWhat, string>> = {
  approved: "approved",
  "broke-glass": "approved against the rules",
  done: "done",
  failed: "did not work",
  interrupted: "interrupted",
  expected: "Expected",
};

function actEntry({ seq, at, what, by, stepId, text }: AuditRecord): Happening[] {
  const word = told[what];
  if (word === undefined) return [];
  const kind = stepKinds.find((one) => one === stepId);
  const name = stepId === "-" ? "" : `${kind === undefined ? stepId : stepName[kind]} `;
  // An approval is of an intent, by its digest: that is for machines.
  const said = text.replace(/^[0-9a-f]{64}(?:,? |$)/, "");
  return [{ id: `record/${seq}`, at, kind: "act", text: `${name}${word}${said === "" ? "." : `: ${said}`}`, by }];
}
