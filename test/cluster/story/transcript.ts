import type { Message } from "#sim/slack/types.ts";

/** What was said, oldest first, each message as it stood at the end; the headline's versions one by one, since it is edited in place. */
export function transcriptOf(messages: readonly Message[], startsAt: number): string {
  return messages
    .filter((message) => !message.ephemeralFor)
    .flatMap((message) => {
      const shown = message.threadTs ? message.versions.slice(-1) : message.versions;
      return shown.map((version) => {
        const minute = ((version.clockAt - startsAt) / 60_000).toFixed(1);
        const place = message.threadTs ? "thread" : "headline";
        const texts = version.blocks.flatMap(textsOf);
        return `--- ${minute} min, ${place}\n${(texts.length > 0 ? texts : [version.text]).join("\n")}\n`;
      });
    })
    .join("\n");
}

/** Every text in a block, in reading order. */
function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== "object" || value === null) return [];
  const { text, ...rest } = value as Record<string, unknown>;
  return [...(typeof text === "string" ? [text] : textsOf(text)), ...Object.values(rest).flatMap(textsOf)];
}
