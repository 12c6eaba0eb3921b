import type { Change } from "#domain/change.ts";
import { type IncidentFields, type IncidentRow, createIncidentReader } from "#watchers/files/incidents.ts";
import { createChangeReader } from "#watchers/files/changes.ts";
import { createOutput } from "./output.ts";
import { createPlaces } from "./places.ts";
import { createProgress } from "./progress.ts";
import type { History, HistoryAnswer, Question } from "#analysis/history.ts";
import { type RowReader, readRows } from "./rows.ts";
import { roundShares } from "./shares.ts";

/** What `rank --changes --incidents` was asked for. */
export interface RankFilesOptions extends IncidentFields {
  readonly changes: string;
  readonly incidents: string;
  readonly windowMs: number;
  readonly out?: string;
  readonly skipBad: boolean;
  /** Takes remarks and the summary; standard error unless given. */
  readonly say?: (line: string) => void;
}

/** A row that was exported twice stands near its twin. */
const rememberMs = 30 * 86_400_000;

/**
 * Ranks, for each incident, what came before it; resolves with the exit code. Both files are read side by side by time, so that memory
 * is bounded by the window and nothing later than an incident is known when it is ranked.
 */
export async function rankFiles(options: RankFilesOptions, history: History): Promise<number> {
  const { changes, incidents } = openFiles(options);
  const { say } = options;
  const output = createOutput(options.out);
  const progress = say ? { show: () => {}, end: say } : createProgress();
  const places = createPlaces();
  const counts = { changes: 0, incidents: 0, service: 0, symptom: 0 };
  let next = await changes.rows.next();
  for await (const incident of incidents.rows) {
    for (; !next.done && next.value.at <= incident.startedAt; next = await changes.rows.next()) {
      history.add(next.value);
      places.note(next.value);
      counts.changes++;
    }
    const workload = places.findWorkload(incident);
    await output.write(toLine(incident.id, history.rankAt(toQuestion({ ...incident, workload }, options.windowMs))));
    counts.incidents++;
    if (incident.service !== undefined) counts.service++;
    if (incident.symptom !== undefined) counts.symptom++;
    progress.show(() => `${counts.incidents} incidents ranked, ${counts.changes} changes read`);
  }
  // Later changes are no part of any answer; that they can be read is checked all the same.
  while (!next.done) next = await changes.rows.next();
  await output.end();
  const code = Math.max(changes.finish(), incidents.finish());
  for (const remark of remarksOn(counts, options)) progress.end(remark);
  progress.end(summary(counts, options));
  return code;
}

interface Counts {
  readonly changes: number;
  readonly incidents: number;
  /** Incidents that named one. */
  readonly service: number;
  readonly symptom: number;
}

/** A field that is nowhere is mostly a typing error. */
function remarksOn({ incidents, service, symptom }: Counts, options: RankFilesOptions): string[] {
  if (incidents === 0) return [];
  return [
    ...(service === 0 && options.service ? [`No incident has text in the field "${options.service}" (--service).`] : []),
    ...(symptom === 0 && options.symptom ? [`No incident has text in the field "${options.symptom}" (--symptom).`] : []),
  ];
}

function openFiles(options: RankFilesOptions): { changes: RowReader<Change>; incidents: RowReader<IncidentRow> } {
  const { skipBad, say } = options;
  const shared = { skipBad, rememberMs, say };
  const changes = readRows<Change>({
    ...shared,
    path: options.changes,
    parse: createChangeReader(),
    timeOf: ({ at }) => at,
    idOf: ({ id }) => id,
    timeField: "at",
    noun: "change",
    holdInput: false,
  });
  const incidents = readRows<IncidentRow>({
    ...shared,
    path: options.incidents,
    parse: createIncidentReader(options),
    timeOf: ({ startedAt }) => startedAt,
    idOf: ({ id }) => id,
    timeField: "startedAt",
    noun: "incident",
    holdInput: true,
  });
  return { changes, incidents };
}

function summary({ changes, incidents }: Counts, { out }: RankFilesOptions): string {
  const place = out === undefined ? "" : ` into "${out}"`;
  return `Ranked ${incidents.toLocaleString("en-US")} incidents${place}; ${changes.toLocaleString("en-US")} changes came before the last of them.`;
}

function toQuestion({ id, startedAt, ...known }: IncidentRow, windowMs: number): Question {
  return { id, at: startedAt, windowMs, ...known };
}

/** One line of predictions: probabilities in millionths that add up to 1. */
function toLine(id: string, { suspects, none }: HistoryAnswer): string {
  const shares = roundShares([...suspects.map(({ probability }) => probability), none]);
  return JSON.stringify({
    id,
    suspects: suspects.map((suspect, index) => ({
      id: suspect.id,
      probability: shares[index] ?? 0,
      evidence: suspect.evidence.map(({ kind, for: speaksFor, text }) => ({ kind, for: speaksFor, text })),
    })),
    none: shares.at(-1) ?? 1,
  });
}
