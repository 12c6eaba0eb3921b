import type { Person } from "#sim/github/types.ts";
import type { Story } from "#sim/scenarios/story.ts";
import type { SlackUser } from "#sim/slack/types.ts";

/** The channel in which the program speaks. */
export const channel = "C0INCIDENTS";

/** Somebody of a story, and what they are to it. */
export interface Role {
  readonly user: SlackUser;
  /** A few words behind a name: "on call". */
  readonly role: string;
  /** Does the policy of the story allow them everything? */
  readonly approves: boolean;
}

/** The people of a story in Slack. */
export interface Cast {
  readonly onCall: SlackUser;
  /** Says yes where it takes two; never the author. */
  readonly second: SlackUser;
  readonly author?: SlackUser;
  /** On-call first. */
  readonly roles: readonly Role[];
  readonly users: readonly SlackUser[];
}

const stranger: Person = { name: "Sam Second", email: "sam.second@example.com", login: "sam" };
const guest: SlackUser = { id: "U0GUEST", name: "gil", realName: "Gil Visitor", email: "gil@agency.example", is: "guest" };

/** On-call first; the author of the bad change, where there is one, is in Slack under the same address as on GitHub. */
export function castOf({ onCall, author, owner, colleagues, service }: Story): Cast {
  const known = new Set<string>();
  const isNew = ({ email }: Person) => !known.has(email) && known.add(email).size > 0;
  const first = { user: toUser("U0ONCALL", onCall), role: "on call", approves: true };
  known.add(onCall.email);
  const blamed = author && isNew(author) ? [{ user: toUser("U0AUTHOR", author), role: "wrote the change", approves: true }] : [];
  const [helper = stranger, ...rest] = colleagues.filter(isNew);
  const second = { user: toUser("U0SECOND", helper), role: "second approver", approves: true };
  const owners = owner && isNew(owner) ? [{ user: toUser("U0OWNER", owner), role: `owns ${service.name}`, approves: true }] : [];
  const others = rest.map((person, index) => ({ user: toUser(`U0OTHER${index}`, person), role: "no rule", approves: false }));
  const roles = [first, second, ...blamed, ...owners, ...others, { user: guest, role: "guest", approves: false }];
  return {
    onCall: first.user,
    second: second.user,
    ...(blamed[0] ? { author: blamed[0].user } : {}),
    roles,
    users: roles.map(({ user }) => user),
  };
}

/** In the time zone of this machine, as is the browser in which the page is read. */
function toUser(id: string, { name, email, login }: Person): SlackUser {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return { id, name: login, realName: name, email, timeZone };
}
