import { createContext, useContext, useRef, useState, type ReactNode } from "react";
import { isJson } from "#sim/slack/json.ts";
import type { Json } from "#sim/page/slack.ts";
import { InputElement, MenuOptions, placeholderOf } from "./inputs.tsx";
import { Plain, TextObject } from "./text.tsx";

/** Presses a button: action id and value. Resolves when the program has acknowledged. */
export type PressHandler = (actionId: string, value: string | undefined) => Promise<void>;

const PressContext = createContext<PressHandler>(async () => undefined);

/** Says what a press does in the parts below. */
export const PressProvider = PressContext.Provider;

/** One element of an actions block or an accessory. */
export function Element({ element, blockId }: { readonly element: Json; readonly blockId: string }): ReactNode {
  if (element.type === "button") return <Button element={element} />;
  if (element.type === "static_select") return <Menu element={element} />;
  return <InputElement element={element} blockId={blockId} />;
}

/** A menu outside of a form: what is picked is told at once. */
function Menu({ element }: { readonly element: Json }): ReactNode {
  const press = useContext(PressContext);
  const [busy, setBusy] = useState(false);
  const initial = isJson(element.initial_option) ? String(element.initial_option.value) : "";
  const placeholder = placeholderOf(element);
  const pick = async (value: string): Promise<void> => {
    if (busy) return;
    setBusy(true);
    await press(String(element.action_id), value);
    setBusy(false);
  };
  return (
    <select
      className="s-menu"
      aria-label={placeholder}
      aria-disabled={busy}
      value={initial}
      onChange={(event) => void pick(event.target.value)}
    >
      <option value="" disabled>
        {placeholder}
      </option>
      <MenuOptions element={element} />
    </select>
  );
}

function Button({ element }: { readonly element: Json }): ReactNode {
  const press = useContext(PressContext);
  const [busy, setBusy] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  const { text } = (element.text ?? {}) as { text?: string };
  const go = async (): Promise<void> => {
    // Not disabled: that would take the focus away, and nobody could give it back.
    if (busy) return;
    if (typeof element.url === "string") window.open(element.url, "_blank", "noreferrer");
    setBusy(true);
    await press(String(element.action_id), typeof element.value === "string" ? element.value : undefined);
    setBusy(false);
  };
  const style = element.style === "primary" || element.style === "danger" ? ` s-button-${element.style}` : "";
  return (
    <>
      <button
        type="button"
        className={`s-button${style}`}
        aria-disabled={busy}
        aria-label={typeof element.accessibility_label === "string" ? element.accessibility_label : undefined}
        onClick={() => (isJson(element.confirm) ? dialog.current?.showModal() : void go())}
      >
        <Plain text={text ?? ""} />
      </button>
      {isJson(element.confirm) && (
        <dialog ref={dialog} className="s-confirm">
          <h4>{<TextObject value={element.confirm.title} />}</h4>
          <div>{<TextObject value={element.confirm.text} />}</div>
          <form method="dialog" className="s-modal-foot">
            <button className="s-button">{<TextObject value={element.confirm.deny} />}</button>
            <button className="s-button s-button-primary" onClick={() => void go()}>
              {<TextObject value={element.confirm.confirm} />}
            </button>
          </form>
        </dialog>
      )}
    </>
  );
}
