import { useState, type ReactNode } from "react";
import { useWorld } from "./world.ts";

/** What a person does outside Slack: the other window on their desk. */
export function Console(): ReactNode {
  const { state } = useWorld();
  if (state.acts.length === 0) return null;
  return (
    <section aria-label="Outside Slack">
      <h2>Outside Slack</h2>
      {state.acts.map((act) => (
        <ConsoleButton key={act.id} {...act} />
      ))}
    </section>
  );
}

function ConsoleButton({ id, label, hint }: { readonly id: string; readonly label: string; readonly hint?: string }): ReactNode {
  const { act, consoleSaid } = useWorld();
  const [busy, setBusy] = useState(false);
  const said = consoleSaid[id];
  const run = async (): Promise<void> => {
    setBusy(true);
    await act({ kind: "console", id });
    setBusy(false);
  };
  return (
    <div className="s-console">
      <button type="button" disabled={busy} onClick={() => void run()}>
        <span aria-hidden>$</span> {label}
      </button>
      {said ? (
        <p className="s-console-said" role="status">
          {said}
        </p>
      ) : (
        hint && <p>{hint}</p>
      )}
    </div>
  );
}
