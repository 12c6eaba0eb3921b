import { useState, type ReactNode } from "react";
import type { PageMessage, PageState } from "#sim/page/state.ts";
import { Composer } from "./composer.tsx";
import { Feed, Scroller } from "./feed.tsx";
import { Message } from "./message.tsx";
import { useWorld } from "./world.ts";

interface ChannelProps {
  readonly channel: PageState["channels"][number];
  readonly messages: readonly PageMessage[];
  /** Is the drawer with what to do here open? */
  readonly menu: boolean;
  readonly onMenu: () => void;
}

/** A channel, and beside it the thread that is open. */
export function Channel({ channel, messages, menu, onMenu }: ChannelProps): ReactNode {
  const { me } = useWorld();
  const [open, setOpen] = useState<string>();
  const repliesOf = (ts: string): PageMessage[] => messages.filter(({ threadTs, ts: own }) => threadTs === ts && own !== ts);
  const inChannel = messages.filter(({ threadTs, ts, broadcast }) => !threadTs || threadTs === ts || broadcast);
  // The first thread opens by itself, so that nobody has to look for it.
  const shown = open ?? inChannel.find(({ ts }) => repliesOf(ts).length > 0)?.ts;
  const parent = inChannel.find(({ ts }) => ts === shown);
  return (
    <>
      <main className="s-channel">
        <header className="s-channel-head">
          <h1>
            <span aria-hidden>#</span> {channel.name}
          </h1>
          {channel.topic && <p>{channel.topic}</p>}
          <button type="button" className="s-menu-button" aria-expanded={menu} onClick={onMenu}>
            {menu ? "Close" : "What to do here"}
          </button>
        </header>
        <Scroller label={`Messages in ${channel.name}`} newest={inChannel.at(-1)?.ts}>
          {inChannel.length === 0 && <p className="s-quiet">Quiet so far. When something runs away, it is told here.</p>}
          <Feed messages={inChannel} repliesOf={repliesOf} onOpenThread={setOpen} />
        </Scroller>
        <Composer key={me} channel={channel.id} placeholder={`Message #${channel.name}`} />
      </main>
      {parent && (
        <Thread
          parent={parent}
          asked={open !== undefined}
          replies={repliesOf(parent.ts)}
          channel={channel}
          onClose={() => setOpen("")}
        />
      )}
    </>
  );
}

interface ThreadProps {
  readonly parent: PageMessage;
  readonly replies: readonly PageMessage[];
  readonly channel: PageState["channels"][number];
  /** Did somebody open it, or did it open by itself? */
  readonly asked: boolean;
  readonly onClose: () => void;
}

function Thread({ parent, replies, channel, asked, onClose }: ThreadProps): ReactNode {
  const { me } = useWorld();
  return (
    <aside className="s-thread" aria-label="Thread" data-asked={asked}>
      <header className="s-channel-head">
        <h1>Thread</h1>
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
      <Composer key={me} channel={channel.id} threadTs={parent.ts} placeholder="Reply…" />
    </aside>
  );
}
