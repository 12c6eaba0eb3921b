import type { Card } from "#bot/blocks.ts";
import type { Log } from "#lib/log.ts";
import { fitCard } from "./card.ts";
import { type AnyView, fitView } from "./view.ts";

/** A card within Slack's limits: cut rather than refused. That it had to be cut is a fault of ours, and in the log. */
export function fittedCard(given: Card, log: Log): Card {
  const { card, problems } = fitCard(given);
  if (problems.length > 0) log.error({ problems: problems.slice(0, 5) }, "A card was cut to Slack's limits");
  return card;
}

/** The same for a modal, or the app's home. */
export function fittedView<V extends AnyView>(given: V, log: Log): V {
  const { view, problems } = fitView(given);
  if (problems.length > 0) log.error({ problems: problems.slice(0, 5) }, "A view was cut to Slack's limits");
  return view;
}
