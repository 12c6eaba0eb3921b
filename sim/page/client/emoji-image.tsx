import type { ReactNode } from "react";
import { EMOJI } from "./emoji.ts";

/** An emoji by Slack's name, drawn, since not every machine has a font for them; its name where we know none. */
export function Emoji({ name }: { readonly name: string }): ReactNode {
  const character = EMOJI[name];
  if (character === undefined) return `:${name}:`;
  return <img className="s-emoji" src={`/emoji/${codePoints(character)}.svg`} alt={character} title={`:${name}:`} />;
}

function codePoints(character: string): string {
  const points = Array.from(character, (each) => (each.codePointAt(0) ?? 0).toString(16));
  return points.filter((point) => point !== "fe0f").join("-");
}
