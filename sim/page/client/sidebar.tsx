import { useState, type ReactNode } from "react";
import { useWorld } from "./world.ts";

interface SidebarProps {
  readonly channel: string;
  readonly onChoose: (channel: string) => void;
}

/** Channels, what to do here, and acts outside Slack. */
export function Sidebar({ channel, onChoose }: SidebarProps): ReactNode {
  const { state } = useWorld();
  return (
    <nav className="s-sidebar" aria-label="Workspace">
      <h2>Channels</h2>
      <ul>
        {state.channels.map(({ id, name }) => (
          <li key={id}>
            <button type="button" aria-current={id === channel ? "page" : undefined} onClick={() => onChoose(id)}>
              <span aria-hidden>#</span> {name}
            </button>
          </li>
        ))}
      </ul>
      {state.howTo.length > 0 && (
        <>
          <h2>What to do here</h2>
          <ol className="s-how-to">
            {state.howTo.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </>
      )}
      {state.acts.length > 0 && (
        <>
          <h2>Outside Slack</h2>
          {state.acts.map((act) => (
            <ConsoleButton key={act.id} {...act} />
          ))}
        </>
      )}
    </nav>
  );
}

function ConsoleButton({ id, label, hint }: { readonly id: string; readonly label: string; readonly hint?: string }): ReactNode {
  const { act } = useWorld();
  const [busy, setBusy] = useState(false);
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
      {hint && <p>{hint}</p>}
    </div>
  );
}
