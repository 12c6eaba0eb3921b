import { createHmac, randomUUID } from "node:crypto";
import { createGitHubReceiver, type GitHubDelivery } from "#watchers/github/watch.ts";
import { silentLog } from "#lib/log.ts";
import { startHttp } from "#app/http.ts";

export const secret = "hush";

export interface Door extends AsyncDisposable {
  readonly url: string;
  readonly accepted: GitHubDelivery[];
  /** What accept throws from now on. */
  fail?: Error | undefined;
}

/** Our receiver behind our HTTP server, on a real socket. */
export async function openDoor(): Promise<Door> {
  const accepted: GitHubDelivery[] = [];
  const accept = async (delivery: GitHubDelivery) => {
    if (door.fail) throw door.fail;
    accepted.push(delivery);
  };
  const receive = createGitHubReceiver({ secret, accept });
  const posts = {
    "/github/webhooks": (headers: Parameters<typeof receive>[0], _url: URL, body: Buffer) => receive(headers, body),
  };
  const http = await startHttp({ port: 0, log: silentLog, listeners: {}, gets: {}, posts });
  const url = `http://127.0.0.1:${http.port}/github/webhooks`;
  const door: Door = { url, accepted, [Symbol.asyncDispose]: () => http[Symbol.asyncDispose]() };
  return door;
}

/** Posts a body as GitHub does; a header set to undefined is left out. */
export async function post(
  url: string,
  body: string | Buffer,
  headers: Record<string, string | undefined> = {},
): Promise<number> {
  const sent = {
    "content-type": "application/json",
    "x-github-delivery": randomUUID(),
    "x-github-event": "push",
    "x-hub-signature-256": sign(body),
    ...headers,
  };
  const given = Object.entries(sent).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const response = await fetch(url, { method: "POST", headers: given, body: Buffer.from(body) });
  await response.arrayBuffer();
  return response.status;
}

/** The value of X-Hub-Signature-256. */
export function sign(body: string | Buffer): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}
