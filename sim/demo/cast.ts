import type { Person } from "#sim/github/types.ts";
import type { Story } from "#sim/scenarios/story.ts";
import type { SlackUser } from "#sim/slack/types.ts";

/** The channel in which the program speaks. */
export const channel = "C0INCIDENTS";

/** The people of a story in Slack. */
export interface Cast {
  readonly onCall: SlackUser;
  /** Says yes where it takes two; never the author. */
  readonly second: SlackUser;
  readonly author?: SlackUser;
  readonly users: readonly SlackUser[];
}

/** On-call first; the author of the bad change, where there is one, is in Slack under the same address as on GitHub. */
export function castOf({ onCall, author, colleagues }: Story): Cast {
  const first = toUser("U0ONCALL", onCall);
  const blamed = author ? toUser("U0AUTHOR", author) : undefined;
  const others = colleagues
    .filter(({ email }) => email !== author?.email && email !== onCall.email)
    .map((person, index) => toUser(`U0OTHER${index}`, person));
  const second = others[0] ?? toUser("U0SECOND", { name: "Sam Second", email: "sam.second@example.com", login: "sam" });
  const users = [first, ...(blamed ? [blamed] : []), second, ...others.slice(1)];
  return { onCall: first, second, ...(blamed ? { author: blamed } : {}), users };
}

function toUser(id: string, { name, email, login }: Person): SlackUser {
  return { id, name: login, realName: name, email };
}
