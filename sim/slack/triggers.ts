import { asText } from "./json.ts";
import { randomBytes } from "node:crypto";
import { SlackFailure } from "./failure.ts";

/** What a person did that lets the program open a modal once, for three seconds. */
interface Trigger {
  readonly user: string;
  /** The modal it was done in. */
  readonly viewId?: string;
}

/** The trigger ids that were handed out. */
export interface Triggers {
  issue(trigger: Trigger): string;
  /** Uses one up, or fails as Slack does. */
  exchange(id: unknown): Trigger;
}

/** Creates an empty book of triggers; `lifetimeMs` is 3,000 with the real Slack. */
export function createTriggers(wallNow: () => number, lifetimeMs: number): Triggers {
  const issued = new Map<string, { trigger: Trigger; at: number; used: boolean }>();
  return {
    issue: (trigger) => {
      const id = `${Math.floor(wallNow() * 1000)}.${issued.size + 1}.${randomBytes(16).toString("hex")}`;
      issued.set(id, { trigger, at: wallNow(), used: false });
      return id;
    },
    exchange: (id) => {
      const entry = issued.get(asText(id));
      if (!entry) throw new SlackFailure("invalid_trigger_id");
      if (entry.used) throw new SlackFailure("exchanged_trigger_id");
      if (wallNow() - entry.at > lifetimeMs) throw new SlackFailure("expired_trigger_id");
      entry.used = true;
      return entry.trigger;
    },
  };
}
