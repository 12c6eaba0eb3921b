import { Fragment, useLayoutEffect, useRef, type ReactNode } from "react";
import type { PageMessage } from "#sim/page/state.ts";
import { Message } from "./message.tsx";
import { dayName } from "./times.ts";

interface ScrollerProps {
  readonly children: ReactNode;
  readonly label: string;
  /** Identifies the newest message of a list that moves to whatever is new: to its first line, where it is longer than the window. */
  readonly newest?: string | undefined;
}

/** A list that stays at its end while somebody reads there. */
export function Scroller({ children, label, newest }: ScrollerProps): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    if (atEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  });
  useLayoutEffect(() => {
    const at = box.current;
    const last = at?.querySelector<HTMLElement>("article:last-of-type");
    if (!at || !last || newest === undefined) return;
    const top = at.scrollTop + last.getBoundingClientRect().top - at.getBoundingClientRect().top;
    atEnd.current = last.offsetHeight <= at.clientHeight;
    at.scrollTop = atEnd.current ? at.scrollHeight : top;
  }, [newest]);
  const onScroll = (): void => {
    const at = box.current;
    if (at) atEnd.current = at.scrollHeight - at.scrollTop - at.clientHeight < 40;
  };
  return (
    <div className="s-scroller" role="region" aria-label={label} tabIndex={0} ref={box} onScroll={onScroll}>
      <div className="s-scroller-fill">{children}</div>
    </div>
  );
}

interface FeedProps {
  readonly messages: readonly PageMessage[];
  readonly repliesOf: (ts: string) => readonly PageMessage[];
  /** Undefined where there are no threads. */
  readonly onOpenThread?: ((ts: string) => void) | undefined;
}

/** Messages of a channel under the days they were posted on. */
export function Feed({ messages, repliesOf, onOpenThread }: FeedProps): ReactNode {
  return messages.map((message, index) => {
    const day = dayName(message.at);
    const before = messages[index - 1];
    return (
      <Fragment key={message.ts}>
        {(!before || dayName(before.at) !== day) && (
          <div className="s-day">
            <span>{day}</span>
          </div>
        )}
        {message.ephemeralFor || !onOpenThread ? (
          <Message message={message} />
        ) : (
          <Message message={message} replies={repliesOf(message.ts)} onOpenThread={() => onOpenThread(message.ts)} />
        )}
      </Fragment>
    );
  });
}
