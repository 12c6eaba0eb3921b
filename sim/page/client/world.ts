import { createContext, useContext, useEffect, useState } from "react";
import type { Act, ActOutcome } from "#sim/page/acts.ts";
import type { PageFacts, PageState } from "#sim/page/state.ts";
import type { Place } from "./permalink.ts";

/** What every part of the page may need. */
export interface World {
  readonly state: PageState;
  /** User id of the one who sits at the screen. */
  readonly me: string;
  readonly act: (act: Act) => Promise<ActOutcome>;
  /** The message to which a link leads, until it is shown. */
  readonly wanted: Place | undefined;
  readonly goTo: (place: Place | undefined) => void;
  /** What the acts outside Slack answered, by their id. */
  readonly consoleSaid: Readonly<Record<string, string>>;
}

const WorldContext = createContext<World | undefined>(undefined);

/** Gives the world to the parts below. */
export const WorldProvider = WorldContext.Provider;

/** The world of this page. */
export function useWorld(): World {
  const world = useContext(WorldContext);
  if (!world) throw new Error("There is no world above this part of the page");
  return world;
}

/** Who sits at the screen: the first of the personas, or whom the address names behind its "#", so that two windows may be two people. */
export function usePersona(state: PageState | undefined): [me: string, setMe: (user: string) => void] {
  const [chosen, setChosen] = useState(() => location.hash.slice(1));
  const known = state?.personas.some(({ user }) => user === chosen) ?? false;
  const setMe = (user: string): void => {
    history.replaceState(undefined, "", `#${user}`);
    setChosen(user);
  };
  return [known ? chosen : (state?.personas[0]?.user ?? ""), setMe];
}

/** The newest state of a kind that the server sends. */
export function useLive(): { state?: PageState; facts?: PageFacts; connected: boolean } {
  const [state, setState] = useState<PageState>();
  const [facts, setFacts] = useState<PageFacts>();
  const [connected, setConnected] = useState(false);
  useEffect(() => {
    const source = new EventSource("/live");
    source.addEventListener("open", () => setConnected(true));
    source.addEventListener("error", () => setConnected(false));
    source.addEventListener("state", (event: MessageEvent<string>) => setState(JSON.parse(event.data) as PageState));
    source.addEventListener("facts", (event: MessageEvent<string>) => setFacts(JSON.parse(event.data) as PageFacts));
    return () => source.close();
  }, []);
  return { ...(state ? { state } : {}), ...(facts ? { facts } : {}), connected };
}

/** Sends what a person did. */
export async function sendAct(act: Act): Promise<ActOutcome> {
  try {
    const headers = { "content-type": "application/json" };
    const response = await fetch("/acts", { method: "POST", headers, body: JSON.stringify(act) });
    return (await response.json()) as ActOutcome;
  } catch {
    return { ok: false, say: "The page's server does not answer" };
  }
}
