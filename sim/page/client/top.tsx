import type { ReactNode } from "react";
import type { PageFacts, PageState } from "#sim/page/state.ts";
import { Personas } from "./personas.tsx";
import { Theme } from "./theme.tsx";
import { clockTime } from "./times.ts";

interface TopProps {
  readonly state: PageState;
  readonly facts: PageFacts | undefined;
  readonly connected: boolean;
  readonly me: string;
  readonly onChange: (user: string) => void;
}

/** The strip above Slack: what time it is in the story, how the cluster is, and who I am. */
export function Top({ state, facts, connected, me, onChange }: TopProps): ReactNode {
  return (
    <header className="s-top">
      <strong className="s-title">{state.title}</strong>
      {facts && (
        <dl className="s-facts" aria-label="The cluster now">
          <div className="s-fact">
            <dt>Clock</dt>
            <dd>{clockTime(facts.clockAt, true)}</dd>
          </div>
          {facts.items.map(({ label, value, tone }) => (
            <div key={label} className={`s-fact s-fact-${tone ?? "calm"}`}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {!connected && <span className="s-offline">The demo has ended or is starting</span>}
      <Theme />
      <Personas state={state} me={me} onChange={onChange} />
    </header>
  );
}
