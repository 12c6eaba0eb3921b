import { memo, type ReactNode } from "react";
import type { SlackUser } from "#sim/page/slack.ts";
import type { PageMessage } from "#sim/page/state.ts";
import { Avatar } from "./avatar.tsx";
import { Blocks } from "./blocks.tsx";
import { PressProvider } from "./elements.tsx";
import { Emoji } from "./emoji-image.tsx";
import { Files } from "./files.tsx";
import { Menu } from "./menu.tsx";
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
        <Byline message={message} user={user} />
        <Content message={message} />
        <Reactions message={message} />
        {onOpenThread && <ThreadLink replies={replies} onOpen={onOpenThread} />}
      </div>
      {!message.ephemeralFor && <Tools message={message} onOpenThread={onOpenThread} />}
    </article>
  );
});

function Byline({ message, user }: { readonly message: PageMessage; readonly user: SlackUser | undefined }): ReactNode {
  return (
    <>
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
    </>
  );
}

function Content({ message }: { readonly message: PageMessage }): ReactNode {
  const { me, act } = useWorld();
  const press = async (actionId: string, value: string | undefined): Promise<void> => {
    const where = { channel: message.channel, ts: message.ts };
    await act({ kind: "press", user: me, ...where, actionId, ...(value === undefined ? {} : { value }) });
  };
  return (
    <>
      {message.blocks.length > 0 ? (
        <PressProvider value={press}>
          <Blocks blocks={message.blocks} />
        </PressProvider>
      ) : (
        <div className="s-blocks">
          <Mrkdwn text={message.text} />
        </div>
      )}
      <Files files={message.files} />
      {message.edited && <span className="s-edited">(edited)</span>}
    </>
  );
}

interface ToolsProps {
  readonly message: PageMessage;
  readonly onOpenThread: (() => void) | undefined;
}

/** What can be done with a message: answer it, and what apps offer for it. Shown where the mouse or the focus is. */
function Tools({ message, onOpenThread }: ToolsProps): ReactNode {
  const { state, me, act } = useWorld();
  const { channel, ts } = message;
  const items = state.shortcuts
    .filter(({ type }) => type === "message")
    .map(({ name, callbackId }) => ({
      key: callbackId,
      label: name,
      pick: () => void act({ kind: "message-shortcut", user: me, channel, ts, callbackId }),
    }));
  if (!onOpenThread && items.length === 0) return null;
  return (
    <div className="s-tools">
      {onOpenThread && (
        <button type="button" className="s-tool" aria-label="Reply in thread" title="Reply in thread" onClick={onOpenThread}>
          <Emoji name="speech_balloon" />
        </button>
      )}
      {items.length > 0 && (
        <Menu label="More actions" items={items} className="s-tool">
          ⋮
        </Menu>
      )}
    </div>
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
  if (!last) return null;
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
