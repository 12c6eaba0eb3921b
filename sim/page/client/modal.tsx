import { useRef, useState, type FormEvent, type ReactNode } from "react";
import { isJson, jsonList } from "#sim/slack/json.ts";
import type { PageView } from "#sim/page/state.ts";
import { Blocks } from "./blocks.tsx";
import { Console } from "./console.tsx";
import { PressProvider } from "./elements.tsx";
import { FormProvider, type Values } from "./inputs.tsx";
import { useModality } from "./modality.ts";
import { Plain } from "./text.tsx";
import { useViewForm } from "./view-form.ts";
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
  const { form, press } = useViewForm(view);
  const { busy, trouble, submit } = useSubmit(view, form.values);
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

interface Submitting {
  readonly busy: boolean;
  readonly trouble: string | undefined;
  readonly submit: (event: FormEvent) => Promise<void>;
}

/** How a modal is sent. */
function useSubmit(view: PageView, values: Values): Submitting {
  const { act } = useWorld();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setTrouble(undefined);
    const outcome = await act({ kind: "submit", user: view.user, view: view.id, values });
    setTrouble(outcome.say);
    setBusy(false);
  };
  return { busy, trouble, submit };
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
        <button type="submit" className="s-button s-button-primary" aria-disabled={busy}>
          {busy ? "…" : submit}
        </button>
      )}
    </footer>
  );
}

function textOf(value: unknown): string {
  return isJson(value) ? String(value.text) : "";
}
