import type { UsersInfoResponse } from "@slack/web-api";
import type { Card } from "./blocks.ts";
import type { CallSlack } from "./web-client.ts";
import type { Log } from "#lib/log.ts";
import { escape } from "./escape.ts";
import { fitLines } from "./fit.ts";
import { messageOf } from "#lib/errors.ts";

/** The same card with people by name: who is only spoken of in front of others is not called. */
export type WithoutCalls = (card: Card) => Promise<Card>;

const most = 2_000;
const mostInCard = 30;
/** Slack takes 3,000 characters in a section. */
const mostInSection = 2_950;
const mention = /<@([UW][A-Z0-9_]{1,30})>/g;

/** Asks Slack for each name once. Where it cannot say, the id stands there. */
export function createWithoutCalls(call: CallSlack, log: Log): WithoutCalls {
  const known = new Map<string, string>();
  const nameOf = async (id: string): Promise<string> => {
    const held = known.get(id);
    if (held !== undefined) return held;
    try {
      const { user } = await call("look up a person's name", (client) => client.users.info({ user: id }));
      if (known.size >= most) known.clear();
      const name = escape(nameIn(user) ?? id, 60);
      known.set(id, name);
      return name;
    } catch (error) {
      log.warn({ reason: messageOf(error) }, "A name could not be looked up");
      return id;
    }
  };
  return async (card) => {
    const ids = [...new Set([...JSON.stringify(card).matchAll(mention)].map(([, id = ""]) => id))].slice(0, mostInCard);
    const names = new Map(await Promise.all(ids.map(async (id) => [id, await nameOf(id)] as const)));
    const named = (text: string) =>
      text.replace(mention, (_whole, id: string) => names.get(id) ?? "somebody").replace(/<!subteam\^[^<>]*>/g, "a user group");
    // Names may be longer than ids.
    const spoken = (text: string) => (named(text) === text ? text : fitLines(named(text).split("\n"), mostInSection));
    return mapTexts(card, spoken) as Card;
  };
}

/** As people see it. */
function nameIn({ profile, real_name: real, name }: NonNullable<UsersInfoResponse["user"]> = {}): string | undefined {
  return real || profile?.display_name || name || undefined;
}

/** Every string of a card, however deep, but for what a button carries. */
function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === "text" && typeof inner === "string" ? change(inner) : mapTexts(inner, change),
    ]),
  );
}
