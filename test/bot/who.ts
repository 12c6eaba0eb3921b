import type { SlackUser, SlackUserGroup } from "#sim/slack/types.ts";
import type { Policy } from "#domain/policy.ts";
import { aRule } from "#test/workflow/people.ts";

function user(id: string, over: Partial<SlackUser> = {}): SlackUser {
  return { id, name: id.toLowerCase(), realName: id, ...over };
}

export const named = "U0NAMED";
export const second = "U0SECOND";
export const inGroup = "U0GROUP";
export const atDomain = "U0DOMAIN";
export const unconfirmed = "U0UNCONFIRMED";
export const nobody = "U0NOBODY";
export const author = user("U0AUTHOR", { email: "ada@example.com" });
export const glass = "U0GLASS";
/** Asked about by the tests of outages only: nothing of them is remembered. */
export const unknown = "U0UNKNOWN";

/** Whom every rule there is speaks for, and the glass too; and who may nothing all the same. */
const never = [
  user("U0GUEST", { is: "guest" }),
  user("U0SINGLE", { is: "single-channel-guest" }),
  user("U0BOT", { isBot: true }),
  user("U0GONE", { is: "deleted" }),
  user("U0STRANGER", { is: "stranger" }),
  user("U0ELSEWHERE", { team: "T0ELSEWHERE" }),
].map((one) => ({ ...one, email: `${one.name}@corp.example` }));

/** The workspace. */
export const users: readonly SlackUser[] = [
  ...[named, second, inGroup, nobody, glass, unknown].map((id) => user(id)),
  user(atDomain, { email: "dora@corp.example" }),
  user(unconfirmed, { email: "una@corp.example", emailUnconfirmed: true }),
  author,
  ...never,
];

const neverIds = never.map(({ id }) => id);

export const userGroups: readonly SlackUserGroup[] = [
  { id: "S0ONCALL", handle: "on-call", name: "On call", users: [inGroup, ...neverIds] },
];

/** Three ways to be allowed everything, and a glass. */
export const policy: Policy = {
  rules: [
    aRule([named, second, author.id, unknown, ...neverIds], { name: "by name" }),
    aRule([], { name: "by group", groups: userGroups.map(({ id }) => id) }),
    aRule([], { name: "by domain", domains: ["corp.example"] }),
  ],
  breakGlass: [glass, ...neverIds],
  protectedNamespaces: ["vault"],
};
