import { useId, useState, type AriaAttributes, type ReactNode } from "react";
import type { Usage } from "#sim/page/state.ts";
import { complete, filledIn, type Completion } from "./completion.ts";

interface CompletionList extends Completion {
  readonly id: string;
  readonly at: number | undefined;
  readonly pick: (usage: Usage) => void;
  /** Whether the list took the key. */
  readonly onKey: (key: string) => boolean;
  /** What the field says of its list. */
  readonly field: AriaAttributes;
}

/** The list under a slash: arrow keys move in it, Tab takes, Enter takes what was moved to, Escape closes it until something else is typed. */
export function useCompletion(text: string, usages: readonly Usage[], setText: (text: string) => void): CompletionList {
  const id = useId();
  const [moved, setMoved] = useState<{ text: string; at: number }>();
  const [closed, setClosed] = useState<string>();
  const found = closed === text ? { options: [] } : complete(text, usages);
  const { options } = found;
  const at = moved?.text === text ? moved.at : undefined;
  const pick = (usage: Usage): void => setText(filledIn(usage));
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => setMoved({ text, at: ((at ?? -1) + 1) % options.length }),
    ArrowUp: () => setMoved({ text, at: ((at ?? 0) - 1 + options.length) % options.length }),
    Escape: () => setClosed(text),
    ...(options[at ?? 0] ? { Tab: () => pick(options[at ?? 0] as Usage) } : {}),
    ...(at !== undefined && options[at] ? { Enter: () => pick(options[at] as Usage) } : {}),
  };
  const onKey = (key: string): boolean => {
    if (options.length === 0 || !keys[key]) return false;
    keys[key]();
    return true;
  };
  const open = options.length > 0 ? { "aria-controls": id } : {};
  const active = at === undefined ? {} : { "aria-activedescendant": `${id}-${at}` };
  return {
    ...found,
    id,
    at,
    pick,
    onKey,
    field: { "aria-autocomplete": "list", "aria-haspopup": "listbox", ...open, ...active },
  };
}

/** The list, or what the command that stands there takes. */
export function Suggestions({ id, options, hint, at, pick }: CompletionList): ReactNode {
  if (hint) {
    return (
      <p className="s-usage-hint">
        <code>{hint.type}</code> {hint.does}
      </p>
    );
  }
  if (options.length === 0) return null;
  return (
    <ul id={id} className="s-usages" role="listbox" aria-label="Commands">
      {options.map((usage, index) => (
        <li
          key={usage.type}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          // The field keeps the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => pick(usage)}
        >
          <code>{usage.type}</code>
          <span>{usage.does}</span>
        </li>
      ))}
    </ul>
  );
}
