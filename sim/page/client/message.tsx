import { memo, type ReactNode } from "react";
import type { PageMessage } from "#sim/page/state.ts";
import { Avatar } from "./avatar.tsx";
import { Blocks } from "./blocks.tsx";
import { PressProvider } from "./elements.tsx";
import { Emoji } from "./emoji-image.tsx";
import { Mrkdwn } from "./text.tsx";
import { clockTime } from "./times.ts";
import { useWorld } from "./world.ts";

interface MessageProps {
  readonly message: PageMessage;
  /** Replies, where the message stands in the channel and has some. */
  readonly replies?: readonly PageMessage[];
  readonly onOpenThread?: () => void;
}

/** One message with its blocks, reactions and the way into its thread. */
export const Message = memo(function Message({ message, replies = [], onOpenThread }: MessageProps): ReactNode {
  const { state } = useWorld();
  const user = state.users.find(({ id }) => id === message.user);
  return (
    <article className={message.ephemeralFor ? "s-message s-ephemeral" : "s-message"} data-ts={message.ts}>
      <Avatar user={user} />
      <div className="s-message-body">
        {message.ephemeralFor && (
          <p className="s-only-you">
            <Emoji name="eye" /> Only visible to you
          </p>
        )}
        <p className="s-byline">
          <strong>{user?.realName ?? message.user}</strong>
          {user?.isBot && <span className="s-app">APP</span>}
          <time>{clockTime(message.at)}</time>
        </p>
        <Content message={message} />
        {message.edited && <span className="s-edited">(edited)</span>}
        <Reactions message={message} />
        {onOpenThread && <ThreadLink replies={replies} onOpen={onOpenThread} />}
      </div>
    </article>
  );
});

function Content({ message }: { readonly message: PageMessage }): ReactNode {
  const { me, act } = useWorld();
  const press = async (actionId: string, value: string | undefined): Promise<void> => {
    const where = { channel: message.channel, ts: message.ts };
    await act({ kind: "press", user: me, ...where, actionId, ...(value === undefined ? {} : { value }) });
  };
  if (message.blocks.length === 0) {
    return (
      <div className="s-blocks">
        <Mrkdwn text={message.text} />
      </div>
    );
  }
  return (
    <PressProvider value={press}>
      <Blocks blocks={message.blocks} />
    </PressProvider>
  );
}

function Reactions({ message }: { readonly message: PageMessage }): ReactNode {
  if (message.reactions.length === 0) return null;
  return (
    <div className="s-reactions">
      {message.reactions.map(({ name, users }) => (
        <span key={name} className="s-reaction">
          <Emoji name={name} /> {users.length}
        </span>
      ))}
    </div>
  );
}

function ThreadLink({ replies, onOpen }: { readonly replies: readonly PageMessage[]; readonly onOpen: () => void }): ReactNode {
  const { state } = useWorld();
  const last = replies.at(-1);
  if (!last) {
    return (
      <button type="button" className="s-thread-link s-thread-start" onClick={onOpen}>
        <Emoji name="speech_balloon" /> Reply in thread
      </button>
    );
  }
  const authors = [...new Set(replies.map(({ user }) => user))].slice(0, 4);
  return (
    <button type="button" className="s-thread-link" onClick={onOpen}>
      {authors.map((id) => (
        <Avatar key={id} size={24} user={state.users.find((user) => user.id === id)} />
      ))}
      <span className="s-thread-count">
        {replies.length} {replies.length === 1 ? "reply" : "replies"}
      </span>
      <span className="s-thread-last">Last reply {clockTime(last.at)}</span>
    </button>
  );
}
