import { useEffect, useLayoutEffect, useRef, type RefObject } from "react";

const FOCUSABLE = "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled)";

/**
 * Holds the focus in a dialog while it is open and gives it back afterwards; Escape closes it, and what is below is inert meanwhile.
 * F6 goes to the strip at the top and back: there one becomes somebody else, and their screen may have no dialog.
 */
export function useModality(dialog: RefObject<HTMLDialogElement | null>, hidden: boolean, close: () => void): void {
  const last = useRef(close);
  last.current = close;
  // Before the browser paints: what becomes inert has lost the focus by then.
  useLayoutEffect(() => {
    if (hidden) return undefined;
    const before = document.activeElement;
    // Who moves among the personas stays there.
    if (before?.closest(".s-personas") === null) dialog.current?.focus();
    const onKey = (event: KeyboardEvent): void => {
      if (document.querySelector("dialog.s-confirm[open]") !== null) return;
      if (event.key === "Escape") last.current();
      if (event.key === "F6") goToOtherPart(dialog.current, event);
      if (event.key === "Tab") stayWithin(dialog.current, event);
    };
    addEventListener("keydown", onKey);
    return () => {
      removeEventListener("keydown", onKey);
      requestAnimationFrame(() => giveBack(before));
    };
  }, [dialog, hidden]);
  // What had the focus may be gone, when the program has put something else into the dialog.
  useEffect(() => {
    if (!hidden && document.activeElement === document.body) dialog.current?.focus();
  });
}

function stayWithin(dialog: HTMLDialogElement | null, event: KeyboardEvent): void {
  const at = document.activeElement;
  if (!dialog?.contains(at)) return;
  const all = [...dialog.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((each) => each.offsetParent !== null);
  const isEnd = event.shiftKey ? at === all[0] || at === dialog : at === all.at(-1);
  if (!isEnd) return;
  event.preventDefault();
  (event.shiftKey ? all.at(-1) : all[0])?.focus();
}

function goToOtherPart(dialog: HTMLDialogElement | null, event: KeyboardEvent): void {
  event.preventDefault();
  if (dialog?.contains(document.activeElement)) document.querySelector<HTMLElement>(".s-personas :checked")?.focus();
  else dialog?.focus();
}

/** To where the focus was, or to the messages when that is gone. */
function giveBack(before: Element | null): void {
  if (document.querySelector("dialog.s-modal[open]") !== null) return;
  const isThere = before instanceof HTMLElement && before.isConnected && before !== document.body;
  const to = isThere ? before : document.querySelector<HTMLElement>("main .s-scroller");
  to?.focus();
}
