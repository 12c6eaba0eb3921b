import { useEffect, useRef, useState, type ReactNode } from "react";
import type { PageState } from "#sim/page/state.ts";
import { isFor, isIn } from "./unread.ts";

/** Tells those who do not see the screen what came in, in one line: whole cards would be read again with every edit. */
export function Announcer({ state, me }: { readonly state: PageState; readonly me: string }): ReactNode {
  const mine = state.channels.filter((channel) => isIn(channel, me));
  const newest = state.messages
    .filter((message) => message.user !== me && isFor(message, me) && mine.some(({ id }) => id === message.channel))
    .reduce((last, message) => (last && last.ts >= message.ts ? last : message), state.messages[0]);
  const known = useRef(newest?.ts);
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (!newest || newest.ts === known.current) return;
    known.current = newest.ts;
    const author = state.users.find(({ id }) => id === newest.user)?.realName ?? "Somebody";
    const channel = mine.find(({ id }) => id === newest.channel);
    const where = newest.channel.startsWith("D") ? "to you" : `in ${channel?.name ?? "a channel"}`;
    setSaid(`${author} ${where}: ${newest.text.slice(0, 160)}`);
  }, [newest?.ts]);
  return (
    <p className="s-unseen" aria-live="polite">
      {said}
    </p>
  );
}
