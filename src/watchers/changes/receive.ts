import type { IncomingHttpHeaders } from "node:http";
import type { Instant } from "#domain/workload.ts";
import { type Log, silentLog } from "#lib/log.ts";
import { isSameSecret } from "#lib/same-secret.ts";
import { messageOf } from "#lib/errors.ts";
import { type Told, parseReports } from "./parse.ts";

export interface ChangesReceiverOptions {
  /** Absent: the door is closed. */
  readonly token: string | undefined;
  /** Completes workloads that are written "namespace/name". */
  readonly cluster: string;
  /** Resolves once the changes are safe. */
  readonly accept: (changes: readonly Told[]) => Promise<void>;
  readonly now: () => Instant;
  readonly log?: Log;
}

type Receive = (headers: IncomingHttpHeaders, url: URL, body: Buffer) => Promise<{ status: number; text: string }>;

const maxBodyBytes = 1024 * 1024;

/** `POST /changes`: what else was changed, told by whoever did it. The whole request is taken, or nothing of it. */
export function createChangesReceiver(options: ChangesReceiverOptions): Receive {
  const { token, cluster, accept, now, log = silentLog } = options;
  return async ({ authorization }, _url, body) => {
    if (!token) return { status: 404, text: "Changes are not taken here: K8S_WHY_CHANGES_TOKEN is not set." };
    const given = /^Bearer (.+)$/i.exec(authorization ?? "")?.[1] ?? "";
    if (!isSameSecret(given, token))
      return { status: 401, text: 'The token is missing or wrong: send it as "Authorization: Bearer ...".' };
    if (body.length > maxBodyBytes) return { status: 413, text: "The body is larger than 1 MB. Send fewer changes at once." };
    const parsed = parseReports(body.toString("utf8"), cluster, now());
    if (parsed.kind === "wrong") return { status: 400, text: parsed.text };
    try {
      await accept(parsed.changes);
    } catch (error) {
      log.error({ changes: parsed.changes.length, error: messageOf(error) }, "Reported changes cannot be kept");
      return { status: 503, text: "It cannot be kept now. Please send it again." };
    }
    return { status: 202, text: `Accepted: ${parsed.changes.length} ${parsed.changes.length === 1 ? "change" : "changes"}.` };
  };
}
