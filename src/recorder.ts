import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DiagnoseInput } from "#analysis/diagnose.ts";
import { messageOf } from "#lib/errors.ts";
import type { Log } from "#lib/log.ts";
import { recordingOf } from "#analysis/recording.ts";

/** Recordings that are kept; the oldest go first. */
const kept = 1_000;
const name = /^\d{13,}-[\w-]{1,80}\.json$/;

/** Keeps what a diagnosis was given. Never throws: a full disk is no reason to leave an incident without one. */
export type Record = (incidentId: string, input: DiagnoseInput) => Promise<void>;

/** Writes each as a file of a folder, named by its moment; only the newest thousand stay. */
export function createRecorder(folder: string, log: Log): Record {
  return async (incidentId, input) => {
    const file = `${input.now}-${incidentId.replace(/\W+/g, "-").slice(0, 80)}.json`;
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, file), recordingOf(input), { mode: 0o600 });
      const all = (await readdir(folder)).filter((entry) => name.test(entry)).toSorted();
      for (const old of all.slice(0, -kept)) await rm(join(folder, old), { force: true });
    } catch (error) {
      log.warn({ folder, error: messageOf(error) }, "Cannot record what a diagnosis was given");
    }
  };
}
