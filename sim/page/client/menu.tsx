import { useId, useRef, type KeyboardEvent, type ReactNode, type ToggleEvent } from "react";

/** Something in a menu. */
export interface MenuItem {
  readonly key: string;
  readonly label: string;
  readonly pick: () => void;
}

interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly className: string;
  readonly children: ReactNode;
}

/** A button with a menu: arrow keys move in it, Escape closes it and goes back to the button. */
export function Menu({ label, items, className, children }: MenuProps): ReactNode {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const onToggle = ({ newState }: ToggleEvent): void => {
    // It opens unseen: only now is it known where it goes.
    list.current?.removeAttribute("style");
    if (newState !== "open" || !button.current || !list.current) return;
    place(list.current, button.current.getBoundingClientRect());
  };
  const pick = (item: MenuItem): void => {
    list.current?.hidePopover();
    button.current?.focus();
    item.pick();
  };
  const names = { "aria-label": label, title: label, className };
  const popup = { id, popover: "auto", role: "menu", className: "s-popup", onToggle, onKeyDown } as const;
  return (
    <>
      <button ref={button} type="button" aria-haspopup="menu" popoverTarget={id} {...names}>
        {children}
      </button>
      <div ref={list} aria-label={label} {...popup}>
        {items.map((item, index) => (
          <button
            key={item.key}
            ref={index === 0 ? focusWhenShown : null}
            type="button"
            role="menuitem"
            tabIndex={-1}
            onClick={() => pick(item)}
          >
            {item.label}
          </button>
        ))}
      </div>
    </>
  );
}

/** The browser gives the focus to what bears this attribute when it shows a popover; React keeps its own `autoFocus` to itself. */
function focusWhenShown(item: HTMLElement | null): void {
  item?.setAttribute("autofocus", "");
}

/** Below the button and inside the window. */
function place(list: HTMLElement, below: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = list;
  const fits = below.bottom + height + 12 < innerHeight;
  list.style.left = `${Math.max(8, Math.min(below.right - width, innerWidth - width - 8))}px`;
  list.style.top = `${fits ? below.bottom + 4 : Math.max(8, below.top - height - 4)}px`;
}

function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
  const items = itemsOf(event.currentTarget);
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (event.key === "Tab") event.currentTarget.hidePopover();
  if (to === undefined) return;
  event.preventDefault();
  items.at(to % items.length)?.focus();
}

function itemsOf(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>("[role=menuitem]")];
}
