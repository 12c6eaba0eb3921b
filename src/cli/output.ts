import { createWriteStream } from "node:fs";
import { once } from "node:events";
import type { Writable } from "node:stream";
import { InputError } from "./input.ts";
import { messageOf } from "#lib/errors.ts";

/** Where results go, a line at a time. */
export interface Output {
  /** Resolves when more may be written. */
  readonly write: (line: string) => Promise<void>;
  /** All is written. Throws InputError where it could not be. */
  readonly end: () => Promise<void>;
}

/** Writes to a file, or to standard output without one. A reader that goes away early (`| head`) ends it without noise. */
export function createOutput(path: string | undefined): Output {
  const stream: Writable = path === undefined ? process.stdout : createWriteStream(path);
  let failure: Error | undefined;
  stream.on("error", (error) => (failure ??= error));
  return {
    write: async (line) => {
      if (!failure && !stream.write(`${line}\n`)) await once(stream, "drain").catch(() => {});
    },
    end: async () => {
      if (path !== undefined && !failure) {
        stream.end();
        await once(stream, "close").catch(() => {});
      }
      if (failure && !("code" in failure && failure.code === "EPIPE"))
        throw new InputError(`Cannot write ${path === undefined ? "standard output" : `"${path}"`}: ${messageOf(failure)}.`);
    },
  };
}
