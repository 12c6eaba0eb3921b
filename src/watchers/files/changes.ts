import type { z } from "zod";
import type { Change, CommitGuess, ConfigEdit, Landing, ReportedChange, Rollout, Scaling } from "#domain/change.ts";
import type { WorkloadKey } from "#domain/workload.ts";
import { cut, maxFiles, toLanding } from "#watchers/github/landing.ts";
import { configSchema, flagSchema, pushSchema, rolloutSchema, scalingSchema } from "./change-schemas.ts";
import { type Row, findObject, noObject, parseRow } from "./row.ts";

type Running = Map<WorkloadKey, Rollout>;
type Reader = (row: Readonly<Record<string, unknown>>, running: Running) => Row<Change>;

/** Of pushes; the message says the same. */
const passedOver = ["kind", "isRevert"];
/** Revision 1 is a launch; that the first rollout of a file was one is not known. */
const LAUNCH = 1;
const maxTitle = 300;
const maxKeys = 50;
const maxPatch = 20_000;
const maxPatches = 200_000;

const readers: Readonly<Record<string, Reader>> = {
  push: readerOf(pushSchema, toPush),
  rollout: readerOf(rolloutSchema, toRollout),
  config: readerOf(configSchema, toConfig),
  flag: readerOf(flagSchema, toFlag),
  scaling: readerOf(scalingSchema, (row): Scaling => ({ kind: "scaling", ...row })),
};

/** Creates a reader of lines; a rollout's revision and what ran before are told from the rollouts read before it. */
export function createChangeReader(): (text: string) => Row<Change> {
  const running: Running = new Map();
  return (text) => {
    const row = findObject(text);
    if (!row) return noObject;
    const { kind } = row;
    if (kind === undefined) return { kind: "bad", reason: '"kind" is missing' };
    const read = typeof kind === "string" && Object.hasOwn(readers, kind) ? readers[kind] : undefined;
    return read?.(row, running) ?? { kind: "bad", reason: `"kind": expected one of ${Object.keys(readers).join(", ")}` };
  };
}

function readerOf<T>(schema: z.ZodObject & z.ZodType<T>, toChange: (row: T, running: Running) => Change): Reader {
  const known = new Set([...Object.keys(schema.shape), ...passedOver]);
  return (row, running) => {
    const parsed = parseRow<T>(row, schema, known);
    return parsed.kind === "bad" ? parsed : { ...parsed, value: toChange(parsed.value, running) };
  };
}

/** The row's id stays: predictions name it. */
function toPush({ id, sha, files, filesTotal = 0, ...row }: z.infer<typeof pushSchema>): Landing {
  let left = maxPatches;
  const kept = files.slice(0, maxFiles).map(({ patch, ...file }) => {
    if (patch === undefined || left <= 0) return file;
    const short = cut(patch, Math.min(maxPatch, left));
    left -= short.length;
    return { ...file, patch: short };
  });
  return { ...toLanding({ ...row, sha: sha ?? id, files: kept, filesTotal: Math.max(filesTotal, files.length) }), id };
}

function toRollout({ commitRange, ...row }: z.infer<typeof rolloutSchema>, running: Running): Rollout {
  const before = running.get(row.workload);
  const rollout: Rollout = {
    kind: "rollout",
    ...row,
    revision: row.revision ?? (before?.revision ?? LAUNCH) + 1,
    templateHash: row.templateHash ?? row.id,
    ...(before && { previous: { revision: before.revision, images: before.images, templateHash: before.templateHash } }),
    ...(commitRange && { commit: said(commitRange.head) }),
    ...(commitRange?.base && { previousCommit: said(commitRange.base) }),
  };
  running.set(row.workload, rollout);
  return rollout;
}

function said(sha: string): CommitGuess {
  return { sha, from: "annotation" };
}

/** Where no object is named it is a change that somebody told of. */
function toConfig(row: z.infer<typeof configSchema>): ConfigEdit | ReportedChange {
  const { id, at, cluster, object, namespace, name, what, keys, workloads, tool } = row;
  const title = row.title ?? row.message;
  if (name === undefined && title !== undefined) return toReported({ ...row, title, by: tool }, "config");
  const sorted = keys.toSorted().slice(0, maxKeys);
  return {
    kind: "config-edit",
    id,
    at,
    cluster,
    object,
    ...(namespace && { namespace }),
    name: name ?? id,
    what,
    keys: sorted.map((key) => cut(key, maxTitle)),
    usedBy: workloads,
    ...(tool && { tool }),
  };
}

function toFlag({ name, message, ...row }: z.infer<typeof flagSchema>): ReportedChange {
  return toReported({ ...row, title: row.title ?? name ?? message ?? row.id }, "flag");
}

type Told = Pick<ReportedChange, "id" | "at" | "title" | "workloads" | "paths"> &
  Partial<Pick<ReportedChange, "by" | "url" | "repository">>;

function toReported(row: Told, what: ReportedChange["what"]): ReportedChange {
  const { id, at, title, by, url, repository, workloads, paths } = row;
  const known = { ...(by && { by }), ...(url && { url }), ...(repository && { repository }) };
  return { kind: "reported", id, at, what, title: cut(title, maxTitle), workloads, paths, ...known };
}
