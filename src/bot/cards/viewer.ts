import type { Block } from "#bot/blocks.ts";
import { plain, section } from "#bot/blocks.ts";
import { escape } from "#bot/escape.ts";
import { person } from "#bot/words.ts";
import type { Viewer } from "#domain/ports/slack.ts";

/** What the submission of a modal reads back. */
export const glassBlock = "glass";
export const glassAction = "reason";

/** What the person who looks may do about it: which yes theirs is, and the glass to break where the rules say no. */
export function viewerBlocks(viewer: Viewer | undefined): Block[] {
  if (viewer === undefined) return [];
  return viewer.allowed
    ? [...whichYes(viewer), ...(viewer.breakGlass && viewer.approvals === 2 ? [glass(true)] : [])]
    : onlyGlass(viewer);
}

function whichYes({ firstYes, isOther, approvals }: Viewer): Block[] {
  if (firstYes !== undefined && isOther === true)
    return [
      section(
        `:busts_in_silhouette: ${person(firstYes)} has said yes to something else than what is shown here. Yours would be a first yes, and theirs is void then.`,
      ),
    ];
  if (firstYes !== undefined) return [section(`:busts_in_silhouette: ${person(firstYes)} has said yes. Yours is the second.`)];
  const alone =
    ":bust_in_silhouette: It takes two people. Yours is the first yes: nothing happens until another person presses within 15 minutes.";
  return approvals === 2 ? [section(alone)] : [];
}

function onlyGlass({ breakGlass, text }: Viewer): Block[] {
  if (!breakGlass) return [];
  const why = `:rotating_light: *The rules do not allow you this.* ${escape(text, 300)} You may break the glass: everybody is told, with your reason.`;
  return [section(why), glass(false)];
}

function glass(optional: boolean): Block {
  return {
    type: "input",
    block_id: glassBlock,
    optional,
    label: plain(optional ? "Break the glass instead of waiting for a second person" : "Break the glass: why against the rules?"),
    hint: plain("10 characters at least. Everybody reads it, and it stays in the record."),
    element: { type: "plain_text_input", action_id: glassAction, max_length: 500, ...(optional ? {} : { min_length: 10 }) },
  };
}
