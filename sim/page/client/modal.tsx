import { useEffect, useRef, useState, type FormEvent, type ReactNode, type RefObject } from "react";
import { isJson, jsonList } from "#sim/slack/json.ts";
import type { PageView } from "#sim/page/state.ts";
import { Blocks } from "./blocks.tsx";
import { Console } from "./console.tsx";
import { PressProvider, type PressHandler } from "./elements.tsx";
import { FormProvider, initialValues, type Form, type Values } from "./inputs.tsx";
import { Plain } from "./text.tsx";
import { useWorld } from "./world.ts";

interface ModalProps {
  readonly view: PageView;
  /** It is open on somebody else's screen. */
  readonly hidden: boolean;
}

/** An open modal above Slack, with the strip at the top still in reach; Escape closes it. */
export function Modal({ view, hidden }: ModalProps): ReactNode {
  const { state, act } = useWorld();
  const dialog = useRef<HTMLDialogElement>(null);
  const { busy, trouble, submit, form, press } = useModalForm(view);
  const close = (): void => void act({ kind: "close", user: view.user, view: view.id });
  useModality(dialog, hidden, close);
  return (
    <dialog ref={dialog} open={!hidden} className="s-modal" aria-label={textOf(view.view.title)} tabIndex={-1}>
      <form onSubmit={(event) => void submit(event)}>
        <ModalHead
          title={textOf(view.view.title)}
          app={state.users.find(({ id }) => id === state.botUser)?.realName}
          onClose={close}
        />
        {trouble && (
          <p className="s-trouble" role="alert">
            {trouble}
          </p>
        )}
        <div className="s-modal-body">
          <FormProvider value={form}>
            <PressProvider value={press}>
              <Blocks blocks={jsonList(view.view.blocks)} />
            </PressProvider>
          </FormProvider>
        </div>
        <ModalFoot view={view} busy={busy} onClose={close} />
      </form>
      <div className="s-modal-beside">
        <Console />
      </div>
    </dialog>
  );
}

/** Takes the focus and gives it back, and hears Escape; what is below is inert meanwhile. */
function useModality(dialog: RefObject<HTMLDialogElement | null>, hidden: boolean, close: () => void): void {
  const last = useRef(close);
  last.current = close;
  useEffect(() => {
    if (hidden) return undefined;
    const before = document.activeElement;
    // Who moves among the personas stays there.
    if (before?.closest(".s-personas") === null) dialog.current?.focus();
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape" && document.querySelector("dialog.s-confirm[open]") === null) last.current();
    };
    addEventListener("keydown", onKey);
    return () => {
      removeEventListener("keydown", onKey);
      if (before instanceof HTMLElement) requestAnimationFrame(() => before.focus());
    };
  }, [dialog, hidden]);
}

interface ModalForm {
  readonly busy: boolean;
  readonly trouble: string | undefined;
  readonly form: Form;
  readonly submit: (event: FormEvent) => Promise<void>;
  readonly press: PressHandler;
}

/** What was put into a modal, and how it is sent. */
function useModalForm(view: PageView): ModalForm {
  const { act } = useWorld();
  const [touched, setTouched] = useState<Values>({});
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  const values = merge(initialValues(jsonList(view.view.blocks)), touched);
  const set: Form["set"] = (blockId, actionId, value) =>
    setTouched((now) => ({ ...now, [blockId]: { ...now[blockId], [actionId]: value } }));
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setTrouble(undefined);
    const outcome = await act({ kind: "submit", user: view.user, view: view.id, values });
    setTrouble(outcome.say);
    setBusy(false);
  };
  const press: PressHandler = async (actionId, value) => {
    await act({
      kind: "press-in-view",
      user: view.user,
      view: view.id,
      actionId,
      values,
      ...(value === undefined ? {} : { value }),
    });
  };
  return { busy, trouble, submit, press, form: { values, errors: view.errors, set } };
}

function ModalHead({ title, app, onClose }: { title: string; app: string | undefined; onClose: () => void }): ReactNode {
  return (
    <header className="s-modal-head">
      <span className="s-modal-mark" aria-hidden>
        ?!
      </span>
      <h2>
        <Plain text={title} />
        <small>{app}</small>
      </h2>
      <button type="button" className="s-close" aria-label="Close" onClick={onClose}>
        ✕
      </button>
    </header>
  );
}

function ModalFoot({ view, busy, onClose }: { view: PageView; busy: boolean; onClose: () => void }): ReactNode {
  const submit = textOf(view.view.submit);
  return (
    <footer className="s-modal-foot">
      <button type="button" className="s-button" onClick={onClose}>
        {textOf(view.view.close) || "Close"}
      </button>
      {submit && (
        <button type="submit" className="s-button s-button-primary" disabled={busy}>
          {busy ? "…" : submit}
        </button>
      )}
    </footer>
  );
}

function textOf(value: unknown): string {
  return isJson(value) ? String(value.text) : "";
}

function merge(start: Values, touched: Values): Values {
  const merged: Values = { ...start };
  for (const [block, actions] of Object.entries(touched)) merged[block] = { ...merged[block], ...actions };
  return merged;
}
