import { useEffect, useState } from "react";
import type { PageChannel, PageMessage, PageState } from "#sim/page/state.ts";

/** How many messages somebody has not seen in a channel. */
export type Unread = (user: string, channel: string) => number;

/** Remembers what each persona has seen: whatever stands in the channel that they look at. */
export function useUnread(state: PageState, me: string, shown: string | undefined): Unread {
  const [seen, setSeen] = useState<Readonly<Record<string, string>>>({});
  const newest = state.messages.filter((message) => message.channel === shown && isFor(message, me)).at(-1)?.ts;
  useEffect(() => {
    if (newest !== undefined) setSeen((before) => ({ ...before, [`${me}/${shown}`]: newest }));
  }, [me, shown, newest]);
  return (user, channel) => {
    const last = seen[`${user}/${channel}`] ?? "";
    return state.messages.filter((each) => each.channel === channel && isNew(each, user, last)).length;
  };
}

function isNew(message: PageMessage, user: string, last: string): boolean {
  const isReply = message.threadTs !== undefined && message.threadTs !== message.ts;
  return message.ts > last && message.user !== user && !isReply && isFor(message, user);
}

/** Whether somebody sees a message at all. */
export function isFor(message: PageMessage, user: string): boolean {
  return message.ephemeralFor === undefined || message.ephemeralFor === user;
}

/** Whether somebody is in a channel. */
export function isIn({ members }: PageChannel, user: string): boolean {
  return members?.includes(user) ?? true;
}

/** A user's direct conversation with the app. */
export function directId(user: string): string {
  return `D${user.slice(1)}`;
}
