import { useEffect, useRef, type ComponentProps, type KeyboardEvent, type ReactNode } from "react";
import type { PageChannel } from "#sim/page/state.ts";
import { Avatar } from "./avatar.tsx";
import { Console } from "./console.tsx";
import { directId, type Unread } from "./unread.ts";
import { useWorld } from "./world.ts";

interface SidebarProps {
  readonly channels: readonly PageChannel[];
  /** The channel's id, or a tab of the app's own place. */
  readonly place: string;
  readonly unread: Unread;
  /** On a narrow screen it is a drawer. */
  readonly open: boolean;
  readonly onChoose: (place: string) => void;
  /** Escape in the open drawer. */
  readonly onClose: () => void;
}

/** Channels, the app's own place, what to do here, and acts outside Slack. */
export function Sidebar({ channels, place, unread, open, onChoose, onClose }: SidebarProps): ReactNode {
  const { state, me } = useWorld();
  const bot = state.users.find(({ id }) => id === state.botUser);
  const drawer = useDrawer(open, onClose);
  return (
    <nav {...drawer} className="s-sidebar" aria-label="Workspace" data-open={open}>
      <h2>Channels</h2>
      <ul>
        {channels.map(({ id, name, isArchived }) => (
          <Place key={id} isHere={id === place} count={unread(me, id)} onChoose={() => onChoose(id)}>
            <span aria-hidden>#</span> {name}
            {isArchived && <small> archived</small>}
          </Place>
        ))}
      </ul>
      <h2>Apps</h2>
      <ul>
        <Place
          isHere={place === "home" || place === "messages"}
          count={unread(me, directId(me))}
          onChoose={() => onChoose(unread(me, directId(me)) > 0 ? "messages" : "home")}
        >
          <Avatar user={bot} size={20} /> {bot?.realName}
        </Place>
      </ul>
      <HowTo steps={state.howTo} />
      <Console />
    </nav>
  );
}

/** The keyboard in the drawer: it begins at where one is, and Escape closes it. */
function useDrawer(open: boolean, onClose: () => void): Pick<ComponentProps<"nav">, "ref" | "onKeyDown"> {
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    if (open) ref.current?.querySelector<HTMLElement>("[aria-current]")?.focus();
  }, [open]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (open && event.key === "Escape") onClose();
  };
  return { ref, onKeyDown };
}

function HowTo({ steps }: { readonly steps: readonly string[] }): ReactNode {
  if (steps.length === 0) return null;
  return (
    <>
      <h2>What to do here</h2>
      <ol className="s-how-to">
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </>
  );
}

interface PlaceProps {
  readonly isHere: boolean;
  readonly count: number;
  readonly onChoose: () => void;
  readonly children: ReactNode;
}

function Place({ isHere, count, onChoose, children }: PlaceProps): ReactNode {
  const isUnread = count > 0 && !isHere;
  return (
    <li>
      <button type="button" aria-current={isHere ? "page" : undefined} data-unread={isUnread} onClick={onChoose}>
        <span className="s-place">{children}</span>
        {isUnread && (
          <span className="s-badge">
            {count}
            <span className="s-unseen"> new</span>
          </span>
        )}
      </button>
    </li>
  );
}
