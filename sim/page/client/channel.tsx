import { useEffect, useState, type ReactNode } from "react";
import type { PageChannel, PageMessage } from "#sim/page/state.ts";
import { Composer } from "./composer.tsx";
import { Feed, Scroller } from "./feed.tsx";
import { MenuButton } from "./menu-button.tsx";
import { Message } from "./message.tsx";
import { useWorld } from "./world.ts";

/** The drawer with channels and what to do here. */
export interface MenuProps {
  readonly menu: boolean;
  readonly onMenu: () => void;
}

interface ChannelProps extends MenuProps {
  readonly channel: PageChannel;
  readonly messages: readonly PageMessage[];
}

/** A channel, and beside it the thread that is open. */
export function Channel({ channel, messages, menu, onMenu }: ChannelProps): ReactNode {
  const [open, setOpen] = useWantedThread(channel, messages);
  const inChannel = messages.filter(isInChannel);
  // The first thread opens by itself, so that nobody has to look for it.
  const shown = open ?? inChannel.find(({ ts }) => repliesTo(messages, ts).length > 0)?.ts;
  const parent = inChannel.find(({ ts }) => ts === shown);
  return (
    <>
      <main className="s-channel">
        <header className="s-channel-head">
          <h1>
            <span aria-hidden>#</span> {channel.name}
          </h1>
          {channel.topic && <p>{channel.topic}</p>}
          <MenuButton menu={menu} onMenu={onMenu} />
        </header>
        <Conversation
          channel={channel.id}
          label={`Messages in ${channel.name}`}
          placeholder={`Message #${channel.name}`}
          closed={channel.isArchived ? "This channel is archived." : undefined}
          quiet="Quiet so far. When something runs away, it is told here."
          messages={messages}
          onOpenThread={setOpen}
        />
      </main>
      {parent && (
        <Thread
          parent={parent}
          asked={open !== undefined}
          replies={repliesTo(messages, parent.ts)}
          channel={channel}
          onClose={() => setOpen("")}
        />
      )}
    </>
  );
}

/** The thread that is open: one that somebody opened, or to which a link has led. */
function useWantedThread({ id }: PageChannel, messages: readonly PageMessage[]) {
  const { wanted, goTo } = useWorld();
  const [open, setOpen] = useState<string>();
  const [led, setLed] = useState(0);
  useEffect(() => {
    if (wanted?.channel !== id) return;
    goTo(undefined);
    setOpen(messages.find(({ ts }) => ts === wanted.ts)?.threadTs ?? wanted.ts);
    setLed((times) => times + 1);
  }, [wanted]);
  useEffect(() => {
    if (led === 0) return;
    document.querySelector(`.s-channel [data-ts="${open}"]`)?.scrollIntoView();
    document.querySelector<HTMLElement>(".s-thread .s-scroller")?.focus();
  }, [led]);
  return [open, setOpen] as const;
}

interface ConversationProps {
  /** Its id. */
  readonly channel: string;
  readonly label: string;
  readonly placeholder: string;
  /** Why nobody can write there, where nobody can. */
  readonly closed: string | undefined;
  /** What stands there before anything was said. */
  readonly quiet: string;
  readonly messages: readonly PageMessage[];
  readonly onOpenThread?: (ts: string) => void;
}

/** What was said, and where to answer. */
export function Conversation({
  channel,
  label,
  placeholder,
  closed,
  quiet,
  messages,
  onOpenThread,
}: ConversationProps): ReactNode {
  const { me } = useWorld();
  const shown = onOpenThread ? messages.filter(isInChannel) : messages;
  return (
    <>
      <Scroller label={label} newest={shown.at(-1)?.ts}>
        {shown.length === 0 && <p className="s-quiet">{quiet}</p>}
        <Feed messages={shown} repliesOf={(ts) => repliesTo(messages, ts)} onOpenThread={onOpenThread} />
      </Scroller>
      {closed ? <p className="s-closed">{closed}</p> : <Composer key={me} channel={channel} placeholder={placeholder} />}
    </>
  );
}

interface ThreadProps {
  readonly parent: PageMessage;
  readonly replies: readonly PageMessage[];
  readonly channel: PageChannel;
  /** Did somebody open it, or did it open by itself? */
  readonly asked: boolean;
  readonly onClose: () => void;
}

function Thread({ parent, replies, channel, asked, onClose }: ThreadProps): ReactNode {
  const { me } = useWorld();
  return (
    <aside className="s-thread" aria-label="Thread" data-asked={asked}>
      <header className="s-channel-head">
        <h2>Thread</h2>
        <p># {channel.name}</p>
        <button type="button" className="s-close" aria-label="Close thread" onClick={onClose}>
          ✕
        </button>
      </header>
      <Scroller label="Thread">
        <Message message={parent} />
        <div className="s-reply-count">
          <span>
            {replies.length} {replies.length === 1 ? "reply" : "replies"}
          </span>
        </div>
        {replies.map((reply) => (
          <Message key={reply.ts} message={reply} />
        ))}
      </Scroller>
      {!channel.isArchived && <Composer key={me} channel={channel.id} threadTs={parent.ts} placeholder="Reply…" />}
    </aside>
  );
}

function repliesTo(messages: readonly PageMessage[], ts: string): PageMessage[] {
  return messages.filter(({ threadTs, ts: own }) => threadTs === ts && own !== ts);
}

function isInChannel({ threadTs, ts, broadcast }: PageMessage): boolean {
  return !threadTs || threadTs === ts || broadcast;
}
