import { useState, type FormEvent, type KeyboardEvent, type ReactNode } from "react";
import { Menu } from "./menu.tsx";
import { Suggestions, useCompletion } from "./suggestions.tsx";
import { useWorld } from "./world.ts";

interface ComposerProps {
  readonly channel: string;
  readonly threadTs?: string;
  readonly placeholder: string;
}

/** Where messages and slash commands are typed. */
export function Composer({ channel, threadTs, placeholder }: ComposerProps): ReactNode {
  const { me, act, state } = useWorld();
  const [text, setText] = useState("");
  const send = async (event: FormEvent | KeyboardEvent): Promise<void> => {
    event.preventDefault();
    if (text.trim() === "") return;
    setText("");
    await act({ kind: "write", user: me, channel, text: text.trim(), ...(threadTs ? { threadTs } : {}) });
  };
  const list = useCompletion(threadTs ? "" : text, state.usages, setText);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (list.onKey(event.key)) return event.preventDefault();
    if (event.key === "Enter" && !event.shiftKey) void send(event);
  };
  return (
    <form className="s-composer" onSubmit={(event) => void send(event)}>
      <Suggestions {...list} />
      <textarea
        rows={1}
        value={text}
        placeholder={placeholder}
        aria-label={placeholder}
        {...list.field}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="s-composer-foot">
        {!threadTs && <Shortcuts />}
        <span className="s-composer-hint">{threadTs ? "" : "Type / for commands"}</span>
        <button type="submit" className="s-send" aria-label="Send" disabled={text.trim() === ""}>
          ➤
        </button>
      </div>
    </form>
  );
}

/** What the app offers apart from any message. */
function Shortcuts(): ReactNode {
  const { me, act, state } = useWorld();
  const items = state.shortcuts
    .filter(({ type }) => type === "global")
    .map(({ name, callbackId }) => ({
      key: callbackId,
      label: name,
      pick: () => void act({ kind: "global-shortcut", user: me, callbackId }),
    }));
  if (items.length === 0) return null;
  return (
    <Menu label="Shortcuts" items={items} className="s-plus">
      +
    </Menu>
  );
}
