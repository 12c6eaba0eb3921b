import type { Card, View } from "#bot/blocks.ts";

/** A card as it is meant to look, with the name of its golden file and of the function in src/bot/cards that draws it. */
export interface Golden {
  readonly name: string;
  readonly of: string;
  readonly card: Card | View;
}

/** A modal or App Home, not a message. */
export function isView(card: Card | View): card is View {
  return "type" in card;
}
