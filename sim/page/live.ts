import type { ServerResponse } from "node:http";

/** Browsers that listen, each getting the newest of every kind. */
export interface Live {
  /** Adds a browser; it gets everything at once. */
  add(response: ServerResponse): void;
  /** Something of this kind changed: sends it soon, and once for a burst. */
  changed(kind: string): void;
  close(): void;
}

/** How long a burst of changes is gathered, in ms. */
const GATHER_MS = 60;

/** Sends named states to browsers by Server-Sent Events; each reader gives the newest state of its kind. */
export function createLive(readers: Readonly<Record<string, () => unknown>>): Live {
  const browsers = new Map<ServerResponse, Map<string, string>>();
  const timers = new Map<string, NodeJS.Timeout>();
  const send = (kind: string): void => {
    timers.delete(kind);
    const data = JSON.stringify(readers[kind]?.());
    for (const [browser, seen] of browsers) tell(browser, seen, kind, data);
  };
  return {
    add: (response) => {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store", connection: "keep-alive" });
      const seen = new Map<string, string>();
      for (const [kind, read] of Object.entries(readers)) tell(response, seen, kind, JSON.stringify(read()));
      browsers.set(response, seen);
      response.on("close", () => browsers.delete(response));
    },
    changed: (kind) => {
      if (browsers.size > 0 && !timers.has(kind)) timers.set(kind, setTimeout(send, GATHER_MS, kind));
    },
    close: () => {
      for (const timer of timers.values()) clearTimeout(timer);
      for (const browser of browsers.keys()) browser.end();
    },
  };
}

function tell(browser: ServerResponse, seen: Map<string, string>, kind: string, data: string): void {
  if (seen.get(kind) === data) return;
  seen.set(kind, data);
  browser.write(`event: ${kind}\ndata: ${data}\n\n`);
}
