import { plain, section } from "#bot/blocks.ts";
import type { Decision } from "#domain/ports/slack.ts";
import type { View } from "#bot/blocks.ts";
import { cut } from "#bot/fit.ts";
import { escape } from "#bot/escape.ts";

/** A modal that only says something. The text is foreign. */
export function renderClosing(title: string, emoji: string, text: string): View {
  return {
    type: "modal",
    callback_id: "said",
    title: plain(cut(title, 24)),
    close: plain("Close"),
    blocks: [section(`${emoji} ${escape(text, 2_000)}`)],
  };
}

/** What a modal shows until the preview is there. */
export function renderLoading(title: string): View {
  return {
    ...renderClosing(title, ":hourglass_flowing_sand:", "Loading: reading the cluster and trying the change as a dry run."),
    callback_id: "step",
  };
}

const decisionEmoji: Readonly<Record<Decision["kind"], string>> = {
  accepted: ":white_check_mark:",
  "already-done": ":information_source:",
  refused: ":no_entry:",
};

/** The answer to a submitted modal. */
export function renderDecision(title: string, decision: Decision): View {
  return renderClosing(title, decisionEmoji[decision.kind], decision.text);
}
