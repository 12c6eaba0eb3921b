import { useEffect, useMemo, useState, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import type { Act, ActOutcome } from "#sim/page/acts.ts";
import type { PageMessage, PageState, PageView } from "#sim/page/state.ts";
import { Announcer } from "./announcer.tsx";
import { AppPage, TABS } from "./app-page.tsx";
import { Channel } from "./channel.tsx";
import type { Place } from "./permalink.ts";
import { Modal } from "./modal.tsx";
import { Sidebar } from "./sidebar.tsx";
import { Top } from "./top.tsx";
import { directId, isFor, isIn, useUnread } from "./unread.ts";
import { sendAct, useLive, usePersona, useWorld, WorldProvider, type World } from "./world.ts";

function Page(): ReactNode {
  const { state, facts, connected } = useLive();
  const [me, setMe] = usePersona(state);
  const [toast, setToast] = useState<string>();
  const [wanted, goTo] = useState<Place>();
  const [consoleSaid, setConsoleSaid] = useState<Readonly<Record<string, string>>>({});
  const world = useMemo<World | undefined>(() => {
    if (!state) return undefined;
    const act = async (done: Act): Promise<ActOutcome> => {
      const outcome = await sendAct(done);
      const { say } = outcome;
      if (done.kind === "console" && outcome.ok && say) setConsoleSaid((before) => ({ ...before, [done.id]: say }));
      else setToast(say);
      return outcome;
    };
    return { state, me, act, consoleSaid, wanted, goTo };
  }, [state, me, consoleSaid, wanted]);
  if (!state || !world) return <p className="s-waiting">Connecting …</p>;
  const change = (user: string): void => {
    setToast(undefined);
    setMe(user);
  };
  return (
    <WorldProvider value={world}>
      <div className="s-page">
        <Top state={state} facts={facts} connected={connected} me={me} onChange={change} />
        <Desk state={state} me={me} />
        {toast && (
          <div className="s-toast" role="status">
            {toast}
            <button type="button" aria-label="Dismiss" onClick={() => setToast(undefined)}>
              ✕
            </button>
          </div>
        )}
      </div>
    </WorldProvider>
  );
}

/** Slack as I see it. Modals of others stay as they left them, out of sight. */
function Desk({ state, me }: { readonly state: PageState; readonly me: string }): ReactNode {
  const tops = new Map<string, PageView>(state.views.map((view) => [view.user, view]));
  return (
    <div className="s-desk">
      <div className="s-desk-slack" inert={tops.has(me)}>
        <Workspace state={state} me={me} />
      </div>
      {[...tops.values()].map((view) => (
        <Modal key={view.id} view={view} hidden={view.user !== me} />
      ))}
    </div>
  );
}

function Workspace({ state, me }: { readonly state: PageState; readonly me: string }): ReactNode {
  const [place, setPlace] = useState<string>();
  const [menu, setMenu] = useState(false);
  const channels = state.channels.filter((channel) => !channel.id.startsWith("D") && isIn(channel, me));
  const tab = TABS.find((each) => each === place);
  const channel = tab ? undefined : (channels.find(({ id }) => id === place) ?? channels[0]);
  const unread = useUnread(state, me, tab === "messages" ? directId(me) : channel?.id);
  const choose = (chosen: string): void => {
    setMenu(false);
    setPlace(chosen);
  };
  const { wanted } = useWorld();
  useEffect(() => {
    if (wanted) choose(wanted.channel);
  }, [wanted]);
  const drawer = { menu, onMenu: () => setMenu(!menu) };
  const close = (): void => {
    setMenu(false);
    document.querySelector<HTMLElement>(".s-menu-button")?.focus();
  };
  const seen = (message: PageMessage): boolean => message.channel === channel?.id && isFor(message, me);
  return (
    <div className="s-workspace">
      <Sidebar
        channels={channels}
        place={tab ?? channel?.id ?? ""}
        unread={unread}
        open={menu}
        onChoose={choose}
        onClose={close}
      />
      {tab && <AppPage tab={tab} onTab={choose} unread={unread(me, directId(me))} {...drawer} />}
      {channel && <Channel key={channel.id} channel={channel} messages={state.messages.filter(seen)} {...drawer} />}
      <Announcer state={state} me={me} />
    </div>
  );
}

const root = document.querySelector("#root");
if (root) createRoot(root).render(<Page />);
