import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { join } from "node:path";
import type { Landing } from "#domain/change.ts";
import { createChangeReader } from "#watchers/files/changes.ts";

/** A labelled incident, as the ranking data gives it. */
export interface Labelled {
  readonly id: string;
  readonly at: number;
  readonly hint?: string;
  readonly service?: string;
  readonly symptom?: string;
  readonly planned: boolean;
  /** Minutes from landing to revert; of guilty cases only. */
  readonly lagMinutes?: number;
  readonly leaveOut?: string;
  /** Absent: no change caused it. */
  readonly culprit?: string;
}

/** One repository's landings and incidents, both by time. */
export interface Repository {
  readonly name: string;
  readonly landings: readonly Landing[];
  /** Landings that the data marks as reverts: never the answer, and no candidates. */
  readonly reverts: ReadonlySet<string>;
  readonly incidents: readonly Labelled[];
  /** SHA-256 of both files, hexadecimal. */
  readonly digest: string;
}

interface Row {
  readonly id: string;
  readonly startedAt: string;
  readonly serviceDirectory: string | null;
  readonly serviceDirectory70: string | null;
  readonly symptom: string | null;
  readonly planned?: boolean;
  readonly lagMinutes: number | null;
  readonly revert: string | null;
  readonly culprit: string | null;
}

/** Reads every `NAME.changes.ndjson.gz` with its `NAME.incidents.ndjson` in a folder, by name. */
export function readRepositories(folder: string): Repository[] {
  const names = readdirSync(folder)
    .flatMap((file) => /^(.+)\.changes\.ndjson\.gz$/.exec(file)?.[1] ?? [])
    .toSorted();
  if (names.length === 0) throw new Error(`Cannot train: no NAME.changes.ndjson.gz in ${folder}`);
  return names.map((name) => readRepository(folder, name));
}

function readRepository(folder: string, name: string): Repository {
  const packed = readFileSync(join(folder, `${name}.changes.ndjson.gz`));
  const labels = readFileSync(join(folder, `${name}.incidents.ndjson`));
  const read = createChangeReader();
  const landings: Landing[] = [];
  const reverts = new Set<string>();
  for (const text of linesOf(gunzipSync(packed).toString())) {
    const row = read(text);
    if (row.kind === "bad") throw new Error(`Cannot train: ${name}: ${row.reason}`);
    if (row.value.kind !== "landing") continue;
    landings.push(row.value);
    if ((JSON.parse(text) as { isRevert?: boolean }).isRevert === true) reverts.add(row.value.id);
  }
  const incidents = linesOf(labels.toString())
    .map((text) => toLabelled(JSON.parse(text) as Row))
    .toSorted((a, b) => a.at - b.at);
  return { name, landings, reverts, incidents, digest: createHash("sha256").update(packed).update(labels).digest("hex") };
}

function toLabelled(row: Row): Labelled {
  return {
    id: row.id,
    at: Date.parse(row.startedAt),
    hint: row.serviceDirectory70 ?? undefined,
    service: row.serviceDirectory ?? undefined,
    symptom: row.symptom ?? undefined,
    planned: row.planned === true,
    lagMinutes: row.lagMinutes ?? undefined,
    leaveOut: row.revert ?? undefined,
    culprit: row.culprit ?? undefined,
  };
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
