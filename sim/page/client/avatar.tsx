import type { ReactNode } from "react";
import type { SlackUser } from "#sim/page/slack.ts";

const COLOURS = ["#1d7c6b", "#a8326e", "#2f5fb3", "#b3541e", "#5b4a9e", "#3f7a2c", "#8a5a00", "#7a3b3b"];

/** A square with a person's initials, in a colour of their own; the bot has its mark. */
export function Avatar({ user, size = 36 }: { readonly user: SlackUser | undefined; readonly size?: number }): ReactNode {
  const seed = Array.from(user?.id ?? "").reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7);
  const initials = (user?.realName ?? "?")
    .split(/\s+/u)
    .map((word) => word[0] ?? "")
    .slice(0, 2)
    .join("")
    .toUpperCase();
  const background = user?.isBot ? "var(--mark)" : COLOURS[seed % COLOURS.length];
  return (
    <span
      className="s-avatar"
      aria-hidden
      style={{ width: size, height: size, fontSize: size * 0.4, borderRadius: size / 5, background }}
    >
      {user?.isBot ? "?!" : initials}
    </span>
  );
}
