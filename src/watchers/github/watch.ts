import type { IncomingHttpHeaders } from "node:http";
import { Webhooks } from "@octokit/webhooks";
import type { Landing } from "#domain/change.ts";
import { messageOf } from "#lib/errors.ts";
import { type Log, silentLog } from "#lib/log.ts";
import { type Push, pushSchema, toLandings } from "./push.ts";

/** One delivery that concerns us. */
export interface GitHubDelivery {
  /** X-GitHub-Delivery; the same when GitHub delivers again. */
  readonly id: string;
  readonly event: string;
  readonly push?: {
    readonly repository: string;
    readonly branch: string;
    /** Absent when the branch is new. */
    readonly before?: string;
    readonly after?: string;
    readonly landings: Landing[];
  };
}

export interface GitHubReceiverOptions {
  readonly secret: string;
  /** Resolves once the delivery is safe; GitHub does not send it again by itself. */
  readonly accept: (delivery: GitHubDelivery) => Promise<void>;
  readonly log?: Log;
}

/** Takes a webhook's headers and raw body; answers as GitHub shows it in the list of deliveries. */
export type GitHubReceiver = (headers: IncomingHttpHeaders, rawBody: Buffer) => Promise<{ status: number; text: string }>;

/** GitHub drops larger payloads itself. */
const maxBodyBytes = 25 * 1024 * 1024;
const noCommit = "0".repeat(40);
const ignored = { status: 202, text: "Ignored." };

/** The door for GitHub's webhooks: only what GitHub signed comes in, and only what is safe is answered 202. */
export function createGitHubReceiver({ secret, accept, log = silentLog }: GitHubReceiverOptions): GitHubReceiver {
  const webhooks = new Webhooks({ secret });
  return async (headers, rawBody) => {
    if (rawBody.length > maxBodyBytes) return { status: 413, text: "The body is larger than 25 MB." };
    const body = rawBody.toString("utf8");
    if (!(await isSigned(webhooks, body, headers))) return { status: 401, text: "The signature is missing or wrong." };
    const id = headerOf(headers, "x-github-delivery");
    const event = headerOf(headers, "x-github-event");
    if (!id || !event) return { status: 400, text: "X-GitHub-Delivery or X-GitHub-Event is missing." };
    if (event !== "push") return ignored;
    const push = parsePush(body);
    if (!push) return { status: 400, text: "This is no push as GitHub sends it with content type application/json." };
    if (push.deleted || push.ref !== `refs/heads/${push.repository.default_branch}`) return ignored;
    try {
      await accept({ id, event, push: toDelivered(push) });
    } catch (error) {
      log.error({ delivery: id, error: messageOf(error) }, "Push cannot be kept");
      return { status: 503, text: "It cannot be kept now. Please redeliver it." };
    }
    return { status: 202, text: "Accepted." };
  };
}

function toDelivered(push: Push): NonNullable<GitHubDelivery["push"]> {
  const { before, after, repository } = push;
  return {
    repository: repository.full_name,
    branch: repository.default_branch,
    ...(before !== noCommit && { before }),
    ...(after !== noCommit && { after }),
    landings: toLandings(push),
  };
}

async function isSigned(webhooks: Webhooks, body: string, headers: IncomingHttpHeaders): Promise<boolean> {
  const signature = headers["x-hub-signature-256"];
  if (typeof signature !== "string" || body === "") return false;
  return webhooks.verify(body, signature).catch(() => false);
}

function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" && /^[\w-]{1,100}$/.test(value) ? value : undefined;
}

function parsePush(body: string): Push | undefined {
  try {
    return pushSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
