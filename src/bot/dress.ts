import { type Answer } from "./commands/command.ts";
import { actions, button, type Card, context, section } from "./blocks.ts";
import { askValue } from "./ask-value.ts";
import { code, escape } from "./escape.ts";
import { findCommand } from "./commands/table.ts";
import { person } from "./words.ts";

/** An answer as one person reads it: with a button for each choice, and one to share what others may read. */
export function dressed({ card, choices = [], isPersonal = false, isForAll = false }: Answer, asked: string): Card {
  const canShare = !isPersonal && !isForAll && findCommand(asked).isLook === true;
  const buttons = [
    ...choices.map(({ label, ask }, index) =>
      button({ text: escape(label, 70) || "?", actionId: `ask:${index}`, value: askValue(ask) }),
    ),
    ...(canShare ? [button({ text: "Share to channel", actionId: "share", value: askValue(asked.trim() || "incidents") })] : []),
  ];
  return { ...card, blocks: [...bodyOf(card), ...actions(buttons)] };
}

/** The same for a channel: who shared it, and what they asked. */
export function shared({ card }: Answer, asked: string, user: string): Card {
  return { ...card, blocks: [...bodyOf(card), context(`Shared by ${person(user)}, who asked ${code(asked, 150)}`)] };
}

/** Where a message has blocks, Slack does not show its text. */
function bodyOf({ text, blocks }: Card): Card["blocks"] {
  return blocks.length === 0 ? [section(text)] : blocks;
}
