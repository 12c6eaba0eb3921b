import { useState, type FormEvent, type KeyboardEvent, type ReactNode } from "react";
import { useWorld } from "./world.ts";

interface ComposerProps {
  readonly channel: string;
  readonly threadTs?: string;
  readonly placeholder: string;
}

/** Where messages and slash commands are typed. */
export function Composer({ channel, threadTs, placeholder }: ComposerProps): ReactNode {
  const { me, act } = useWorld();
  const [text, setText] = useState("");
  const send = async (): Promise<void> => {
    if (text.trim() === "") return;
    setText("");
    await act({ kind: "write", user: me, channel, text: text.trim(), ...(threadTs ? { threadTs } : {}) });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    void send();
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    void send();
  };
  return (
    <form className="s-composer" onSubmit={onSubmit}>
      <textarea
        rows={1}
        value={text}
        placeholder={placeholder}
        aria-label={placeholder}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="s-composer-foot">
        <span>{threadTs ? "" : "Slash commands work here: /k8s-why"}</span>
        <button type="submit" className="s-send" aria-label="Send" disabled={text.trim() === ""}>
          ➤
        </button>
      </div>
    </form>
  );
}
