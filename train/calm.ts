import { createHash } from "node:crypto";
import type { Landing } from "#domain/change.ts";
import type { Labelled, Repository } from "./data.ts";

const MINUTE = 60_000;
/** How often a hint names the right directory, as in the data. */
const HINT_RIGHT = 0.7;

/**
 * More incidents that no change caused, made as the labelled ones are: a service some time after an innocent change of it,
 * with the lags of the guilty ones. `times` as many as are labelled. Drawn by digests: the same data gives the same cases.
 */
export function calmIncidents(repository: Repository, times: number): Labelled[] {
  const { landings, reverts, incidents, name } = repository;
  const guilty = incidents.filter((one) => one.culprit !== undefined && !one.planned);
  const culprits = new Set(incidents.flatMap((one) => one.culprit ?? []));
  const innocent = landings.filter((one) => !reverts.has(one.id) && !culprits.has(one.id) && one.files.length > 0);
  const count = times * incidents.filter((one) => one.culprit === undefined).length;
  const depth = depthOf(repository);
  return Array.from({ length: innocent.length > 0 && guilty.length > 0 ? count : 0 }, (_value, index): Labelled | undefined => {
    const draw = drawsOf(`${name} ${index}`);
    const landing = pick(innocent, draw());
    const lag = pick(guilty, draw())?.lagMinutes ?? 60;
    if (!landing) return undefined;
    const at = landing.at + lag * MINUTE;
    const service = directoryOf(landing, depth);
    const other = pick(innocent, draw());
    const hint = draw() < HINT_RIGHT || !other ? service : directoryOf(other, depth);
    return { id: `calm ${index} of ${name}`, at, hint, service, planned: false };
  })
    .filter((one) => one !== undefined)
    .toSorted((a, b) => a.at - b.at);
}

/** The directory, so many levels deep, that holds most of a landing's files. */
function directoryOf({ files }: Landing, depth: number): string {
  const counts = new Map<string, number>();
  for (const { path } of files) {
    const parts = path.split("/");
    const directory = parts.length > depth ? parts.slice(0, depth).join("/") : parts.slice(0, -1).join("/") || path;
    counts.set(directory, (counts.get(directory) ?? 0) + 1);
  }
  return [...counts].reduce((most, one) => (one[1] > most[1] ? one : most), ["", 0] as [string, number])[0];
}

/** How deep the services of a repository lie: what explains most labelled ones. */
function depthOf({ landings, incidents }: Repository): number {
  const byId = new Map(landings.map((one) => [one.id, one]));
  const right = [1, 2, 3, 4].map((depth) => {
    const hits = incidents.filter((one) => {
      const culprit = byId.get(one.culprit ?? "");
      return culprit !== undefined && directoryOf(culprit, depth) === one.service;
    });
    return { depth, hits: hits.length };
  });
  return right.reduce((most, one) => (one.hits > most.hits ? one : most)).depth;
}

function pick<T>(all: readonly T[], draw: number): T | undefined {
  return all[Math.floor(draw * all.length)];
}

/** Numbers from 0 to below 1 that a name stands for. */
function drawsOf(name: string): () => number {
  const digest = createHash("sha256").update(name).digest();
  let at = 0;
  return () => digest.readUInt32BE((at++ * 4) % 32) / 2 ** 32;
}
