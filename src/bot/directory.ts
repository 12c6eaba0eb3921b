import type { UsersInfoResponse } from "@slack/web-api";
import type { CallSlack } from "./web-client.ts";
import type { PeoplePort } from "#domain/ports/slack.ts";
import type { Person } from "#domain/policy.ts";
import { createHeld } from "#lib/held.ts";
import { slackReason } from "./web-client.ts";

/** What was read of people holds so long, wall ms: who was removed from a group may not act much longer. */
const holdsMs = 60_000;
const most = 5_000;

/** Who people are, as Slack says now, but for their groups. Throws where Slack cannot say: who cannot be told may not act. */
export function createDirectory(call: CallSlack, now: () => number): PeoplePort {
  const people = createHeld<Omit<Person, "groups">>({ now, forMs: holdsMs, most });
  const addresses = createHeld<string | undefined>({ now, forMs: holdsMs, most });
  return {
    person: async (id) => ({ ...(await people(id, () => readPerson(call, id))), groups: [] }),
    byEmail: (email) => addresses(email.toLowerCase(), () => readByEmail(call, email)),
  };
}

/** The same with the user groups that the policy names: who may act depends on them, who is told does not. */
export function withGroups(people: PeoplePort, call: CallSlack, groups: readonly string[], now: () => number): PeoplePort {
  const members = createHeld<readonly string[]>({ now, forMs: holdsMs, most });
  return {
    ...people,
    person: async (id) => {
      const [person, ...lists] = await Promise.all([
        people.person(id),
        ...groups.map((group) => members(group, () => readMembers(call, group))),
      ]);
      return { ...person, groups: groups.filter((_group, index) => lists[index]?.includes(id)) };
    },
  };
}

async function readPerson(call: CallSlack, id: string): Promise<Omit<Person, "groups">> {
  const [{ user }, { team_id: home }] = await Promise.all([
    call("look up who somebody is", (client) => client.users.info({ user: id })),
    call("sign in to Slack", (client) => client.auth.test()),
  ]);
  if (!user?.id) throw new Error(`Cannot look up who somebody is: Slack does not know "${id}"`);
  const kind = kindOf(user, home);
  const email = emailOf(user);
  const name = user.profile?.real_name || user.real_name || user.name;
  return { id, kind, ...(name && { name }), ...(email !== undefined && { email }) };
}

/** Slack tells of an address that was never confirmed; of others it says nothing. */
function emailOf(user: SlackUser): string | undefined {
  return user.is_email_confirmed === false ? undefined : user.profile?.email?.toLowerCase();
}

type SlackUser = NonNullable<UsersInfoResponse["user"]>;

/** The first that fits; `home` is our own workspace. */
function kindOf(user: SlackUser, home: string | undefined): Person["kind"] {
  if (user.deleted) return "deactivated";
  if (user.is_bot || user.id === "USLACKBOT") return "bot";
  if (user.is_restricted || user.is_ultra_restricted) return "guest";
  const isForeign = user.is_stranger || (user.team_id !== undefined && user.team_id !== home);
  return isForeign ? "foreign" : "member";
}

async function readMembers(call: CallSlack, usergroup: string): Promise<readonly string[]> {
  const { users } = await call("read a user group", (client) => client.usergroups.users.list({ usergroup }));
  return users ?? [];
}

async function readByEmail(call: CallSlack, email: string): Promise<string | undefined> {
  try {
    const { user } = await call("look up a commit's author", (client) => client.users.lookupByEmail({ email }));
    return user?.id;
  } catch (error) {
    if (slackReason(error) === "users_not_found") return undefined;
    throw error;
  }
}
