import type { Card, HomeView, View } from "#bot/blocks.ts";

/** A card as it is meant to look, with the name of its golden file and of the function in src/bot/cards that draws it. */
export interface Golden {
  readonly name: string;
  readonly of: string;
  readonly card: Card | View | HomeView;
}

/** A modal or App Home, not a message. */
export function isView(card: Golden["card"]): card is View | HomeView {
  return "type" in card;
}

/** A modal. */
export function isModal(card: Golden["card"]): card is View {
  return isView(card) && card.type === "modal";
}
