import type { Card } from "#bot/blocks.ts";
import type { Tools } from "#bot/listeners/tools.ts";

/** What somebody typed after the app's command, and where. */
export interface Asked {
  /** What follows the command's first word, trimmed; at most 600 characters, not escaped. */
  readonly rest: string;
  /** Slack user id of who asks. */
  readonly user: string;
  /** Slack channel id in which they ask. */
  readonly channel: string;
  /** The name under which Slack knows the app's command, e.g. `/k8s-why`. */
  readonly command: string;
  /** Everybody in the channel will read the answer: no buttons for one person. */
  readonly isPublic?: boolean;
}

/** What they read. */
export interface Answer {
  readonly card: Card;
  /** Everybody in the channel sees it; else only who asked. */
  readonly isForAll?: boolean;
  /** What to ask instead, each a button. */
  readonly choices?: readonly Choice[];
  /** It is about the asker alone, or no answer yet: nothing to share. */
  readonly isPersonal?: boolean;
}

/** Something that can be asked by a press. */
export interface Choice {
  /** Not escaped. */
  readonly label: string;
  /** As it would be typed after the app's command. */
  readonly ask: string;
}

/** What a command is for: looking something up, deciding something, or being told of things. */
export type Section = "look" | "decide" | "told";

/** One thing that can be asked with `/k8s-why <word> ...`. */
export interface Command {
  /** The words it goes by; the first is shown in help. */
  readonly words: readonly [string, ...string[]];
  /** Where help shows it; absent: `told`. */
  readonly section?: Section;
  /** It changes nothing: it may also be asked in words and by a button, and shared. */
  readonly isLook?: boolean;
  /** Lines of help: what to type after the app's command, and what it does. */
  readonly help: readonly { readonly type: string; readonly does: string }[];
  readonly answer: (tools: Tools, asked: Asked) => Promise<Answer>;
}

/** An answer of one sentence. */
export function saying(text: string): Answer {
  return { card: { text, blocks: [] }, isPersonal: true };
}
