import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import type { Readable } from "node:stream";
import { stat } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { messageOf } from "#lib/errors.ts";

/** What a person gave us cannot be worked with; its message is a sentence for them, and the command ends with code 2. */
export class InputError extends Error {
  override readonly name = "InputError";
}

/** A line without its end; numbers begin at 1. */
export interface Line {
  readonly line: number;
  readonly text: string;
  /** It was longer than the limit: `text` is only its beginning. */
  readonly isCut?: true;
}

export interface ReadOptions {
  /** Characters; the rest of a longer line is read over. */
  readonly maxLine?: number;
  /** Bytes of the file read so far, and its size where it has one. */
  readonly onRead?: (bytes: number, size: number | undefined) => void;
}

const defaultMaxLine = 16 * 1024 * 1024;

/** Streams the lines of a file, of standard input for `-`, and of either as gzip (seen by its first bytes). Throws InputError. */
export async function* readLines(path: string, options: ReadOptions = {}): AsyncGenerator<Line> {
  for await (const lines of readBatches(path, options)) yield* lines;
}

/** The same, many lines at a time: cheaper where a file has millions. Empty lines are passed on. */
export async function* readBatches(path: string, options: ReadOptions = {}): AsyncGenerator<Line[]> {
  const splitter = createSplitter(options.maxLine ?? defaultMaxLine);
  const decoder = new TextDecoder();
  try {
    for await (const chunk of unzipped(path, options)) yield splitter.take(decoder.decode(chunk, { stream: true }));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`Cannot read ${nameOf(path)}: ${reasonOf(error)}.`, { cause: error });
  }
  yield splitter.end();
}

/** The name of an input in a sentence. */
export function nameOf(path: string): string {
  return path === "-" ? "standard input" : `"${path}"`;
}

async function* unzipped(path: string, { onRead }: ReadOptions): AsyncGenerator<Buffer> {
  // Before the stream is made: one that nobody reads would fail in nobody's hands.
  const size = path === "-" ? undefined : (await stat(path)).size;
  const source: Readable = path === "-" ? process.stdin : createReadStream(path, { highWaterMark: 256 * 1024 });
  let bytes = 0;
  const counted = (async function* () {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      onRead?.(bytes, size);
      yield chunk;
    }
  })();
  const first = await counted.next();
  if (first.done) return;
  const all = prepend(first.value, counted);
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) return yield* all;
  // `pipeline` hands a failure of the file on to the reader of the gunzip.
  yield* pipeline(all, createGunzip({ chunkSize: 256 * 1024 }), () => {}) as unknown as AsyncIterable<Buffer>;
}

async function* prepend(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

interface Splitter {
  readonly take: (text: string) => Line[];
  readonly end: () => Line[];
}

function createSplitter(maxLine: number): Splitter {
  let open = "";
  let isCut = false;
  let line = 0;
  const close = (text: string): Line => {
    line += 1;
    const wasCut = isCut || text.length > maxLine;
    isCut = false;
    if (wasCut) return { line, text: text.slice(0, maxLine), isCut: true };
    return { line, text: text.endsWith("\r") ? text.slice(0, -1) : text };
  };
  return {
    take: (text) => {
      const parts = (open + text).split("\n");
      open = parts.pop() ?? "";
      const lines = parts.map(close);
      if (open.length > maxLine) {
        open = open.slice(0, maxLine);
        isCut = true;
      }
      return lines;
    },
    end: () => (open === "" && !isCut ? [] : [close(open)]),
  };
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "ENOENT":
      return "there is no such file";
    case "EISDIR":
      return "it is a directory";
    case "EACCES":
      return "we may not";
    case "Z_BUF_ERROR":
    case "Z_DATA_ERROR":
      return "its gzip is damaged or cut off";
    default:
      return messageOf(error);
  }
}
