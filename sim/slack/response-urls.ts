import { randomBytes } from "node:crypto";
import { isEmpty, readContent } from "./compose.ts";
import { SlackFailure } from "./failure.ts";
import { fromBot, rewrite, threadOf } from "./methods/chat.ts";
import { isTrue } from "./methods/method.ts";
import type { Json } from "./types.ts";
import { findMessage, putMessage, removeMessage, type Workspace } from "./workspace.ts";

/** How long and how often a response_url works. */
const LIFETIME_MS = 30 * 60_000;
const MAX_USES = 5;

/** Where an answer at a response_url goes. */
export interface ResponseTarget {
  readonly user: string;
  readonly channel: string;
  /** The message with the button, when it came from one. */
  readonly ts?: string;
  /** Takes the answer instead of Slack: nobody sees it. */
  readonly hear?: (answer: Json) => void;
}

/** The response_urls that were handed out. */
export interface ResponseUrls {
  issue(target: ResponseTarget): string;
  /** Carries out an answer; throws SlackFailure for a no. */
  answer(path: string, args: Json): void;
}

/** Creates an empty book of response_urls under a base address. */
export function createResponseUrls(workspace: Workspace, baseUrl: () => string): ResponseUrls {
  const issued = new Map<string, { target: ResponseTarget; at: number; uses: number }>();
  return {
    issue: (target) => {
      const path = `/actions/${workspace.team.id}/${issued.size + 1}/${randomBytes(12).toString("hex")}`;
      issued.set(path, { target, at: workspace.wallNow(), uses: 0 });
      return `${baseUrl()}${path}`;
    },
    answer: (path, args) => {
      const entry = issued.get(path);
      if (!entry || workspace.wallNow() - entry.at > LIFETIME_MS) throw new SlackFailure("expired_url");
      if (entry.uses >= MAX_USES) throw new SlackFailure("used_url");
      entry.uses += 1;
      respond(workspace, entry.target, args);
    },
  };
}

/** Posts, replaces or deletes as an answer to a press or a command asks. */
export function respond(workspace: Workspace, target: ResponseTarget, args: Json): void {
  if (target.hear) return target.hear(args);
  const original = target.ts ? findMessage(workspace, target.channel, target.ts) : undefined;
  if (isTrue(args.delete_original) && original) return removeMessage(workspace, original);
  const content = readContent(args, workspace);
  if (isEmpty(content)) throw new SlackFailure("no_text");
  if (isTrue(args.replace_original) && original) return putMessage(workspace, rewrite(workspace, original, content));
  const onlyFor = args.response_type === "in_channel" ? {} : { ephemeralFor: target.user };
  const thread = threadOf(workspace, target.channel, args.thread_ts);
  putMessage(workspace, { ...fromBot(workspace, target.channel, content), ...thread, ...onlyFor });
}
