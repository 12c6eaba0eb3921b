import type { ServerResponse } from "node:http";

/** One answer that stays open. */
export interface Stream {
  /** Sends a line soon, together with what else is said in this turn of the event loop. */
  say(line: string): void;
  /** Sends what was said and ends. */
  end(): void;
}

interface Open {
  readonly response: ServerResponse;
  readonly state: { readonly held: boolean };
  pending: string[];
  scheduled: boolean;
  ended: boolean;
}

/** A client that leaves this many bytes unread is dropped, as the API server drops slow ones. */
const slowest = 64 * 1024 * 1024;

/** All answers that stay open, to hold or to end together. */
export function createStreams() {
  const all = new Set<Open>();
  const state = { held: false };
  return {
    open(response: ServerResponse): Stream {
      response.writeHead(200, { "content-type": "application/json", "cache-control": "no-cache, private" });
      response.flushHeaders();
      const stream: Open = { response, state, pending: [], scheduled: false, ended: false };
      all.add(stream);
      response.on("close", () => all.delete(stream));
      return {
        say(line) {
          stream.pending.push(line);
          schedule(stream);
        },
        end() {
          stream.ended = true;
          schedule(stream);
        },
      };
    },
    closeAll: (abruptly = false) => {
      for (const { response } of all) {
        if (abruptly) response.destroy();
        else response.end();
      }
      all.clear();
    },
    hold: (held: boolean) => {
      state.held = held;
      if (!held) for (const stream of all) flush(stream);
    },
    size: () => all.size,
  };
}

function schedule(stream: Open): void {
  if (stream.scheduled) return;
  stream.scheduled = true;
  setImmediate(flush, stream);
}

function flush(stream: Open): void {
  stream.scheduled = false;
  const { response, state } = stream;
  if (state.held || response.destroyed || response.writableEnded) return;
  if (stream.pending.length > 0) response.write(stream.pending.join(""));
  stream.pending = [];
  if (stream.ended) response.end();
  else if (response.writableLength > slowest) response.destroy();
}
