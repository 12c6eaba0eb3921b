import { useEffect, type KeyboardEvent, type ReactNode } from "react";
import { jsonList } from "#sim/slack/json.ts";
import type { PageMessage, PageView } from "#sim/page/state.ts";
import { Avatar } from "./avatar.tsx";
import { Blocks } from "./blocks.tsx";
import { Conversation, type MenuProps } from "./channel.tsx";
import { PressProvider } from "./elements.tsx";
import { FormProvider } from "./inputs.tsx";
import { MenuButton } from "./menu-button.tsx";
import { directId, isFor } from "./unread.ts";
import { useViewForm } from "./view-form.ts";
import { useWorld } from "./world.ts";

/** The parts of the app's own place. */
export const TABS = ["home", "messages"] as const;

interface AppPageProps extends MenuProps {
  readonly tab: (typeof TABS)[number];
  readonly onTab: (tab: (typeof TABS)[number]) => void;
  /** Messages that I have not seen. */
  readonly unread: number;
}

/** The app's own place: its Home, made for whoever looks, and what it said to them alone. */
export function AppPage({ tab, onTab, unread, menu, onMenu }: AppPageProps): ReactNode {
  const { state, me, act } = useWorld();
  const bot = state.users.find(({ id }) => id === state.botUser);
  useEffect(() => void act({ kind: "open-app", user: me, tab }), [me, tab]);
  return (
    <main className="s-channel">
      <header className="s-channel-head s-app-head">
        <h1>
          <Avatar user={bot} size={24} /> {bot?.realName}
        </h1>
        <Tabs label={bot?.realName} tab={tab} onTab={onTab} unread={unread} />
        <MenuButton menu={menu} onMenu={onMenu} />
      </header>
      <div id="s-tab-panel" role="tabpanel" aria-labelledby={`s-tab-${tab}`} className="s-tab-panel">
        {tab === "home" ? <Home view={state.homes[me]} /> : <Direct />}
      </div>
    </main>
  );
}

interface TabsProps extends Pick<AppPageProps, "tab" | "onTab" | "unread"> {
  readonly label: string | undefined;
}

function Tabs({ label, tab, onTab, unread }: TabsProps): ReactNode {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    const other = tab === "home" ? "messages" : "home";
    onTab(other);
    document.querySelector<HTMLElement>(`#s-tab-${other}`)?.focus();
  };
  return (
    <div role="tablist" aria-label={label} className="s-tabs" onKeyDown={onKeyDown}>
      {TABS.map((each) => (
        <button
          key={each}
          type="button"
          role="tab"
          id={`s-tab-${each}`}
          aria-selected={each === tab}
          aria-controls="s-tab-panel"
          tabIndex={each === tab ? 0 : -1}
          onClick={() => onTab(each)}
        >
          {each === "home" ? "Home" : "Messages"}
          {each === "messages" && unread > 0 && <span className="s-badge">{unread}</span>}
        </button>
      ))}
    </div>
  );
}

function Home({ view }: { readonly view: PageView | undefined }): ReactNode {
  if (!view) return <p className="s-quiet">The app has put nothing here yet.</p>;
  return <Published key={view.id} view={view} />;
}

function Published({ view }: { readonly view: PageView }): ReactNode {
  const { form, press } = useViewForm(view);
  return (
    <div className="s-scroller s-home" tabIndex={0} role="region" aria-label="Home">
      <FormProvider value={form}>
        <PressProvider value={press}>
          <Blocks blocks={jsonList(view.view.blocks)} />
        </PressProvider>
      </FormProvider>
    </div>
  );
}

function Direct(): ReactNode {
  const { state, me } = useWorld();
  const id = directId(me);
  const mine = (message: PageMessage): boolean => message.channel === id && isFor(message, me);
  const name = state.users.find((user) => user.id === state.botUser)?.realName ?? "the app";
  return (
    <Conversation
      key={id}
      channel={id}
      label={`Messages with ${name}`}
      placeholder={`Message ${name}`}
      closed={state.isAppReadOnly ? "Sending messages to this app has been turned off." : undefined}
      quiet="Nothing yet. What the app has to say to you alone stands here."
      messages={state.messages.filter(mine)}
    />
  );
}
