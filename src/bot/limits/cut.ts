import { cut } from "#bot/fit.ts";

/** Cuts mrkdwn to at most `max` characters; a link or a mention that would be broken goes as a whole. */
export function cutMrkdwn(text: string, max: number): string {
  const kept = cut(text, max);
  const open = kept.lastIndexOf("<");
  return kept !== text && open > kept.lastIndexOf(">") ? `${kept.slice(0, open).trimEnd()}…` : kept;
}
