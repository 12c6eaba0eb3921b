import type { ReactNode } from "react";
import { Console } from "./console.tsx";
import { useWorld } from "./world.ts";

interface SidebarProps {
  readonly channel: string;
  /** On a narrow screen it is a drawer. */
  readonly open: boolean;
  readonly onChoose: (channel: string) => void;
}

/** Channels, what to do here, and acts outside Slack. */
export function Sidebar({ channel, open, onChoose }: SidebarProps): ReactNode {
  const { state } = useWorld();
  return (
    <nav className="s-sidebar" aria-label="Workspace" data-open={open}>
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
      <Console />
    </nav>
  );
}
