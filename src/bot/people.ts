import type { CallSlack } from "./web-client.ts";
import type { Incident } from "#domain/incident.ts";
import type { Log } from "#lib/log.ts";
import { messageOf } from "#lib/errors.ts";
import { namedSuspects } from "./cards/suspect-words.ts";
import { slackReason } from "./web-client.ts";

/** Finds the Slack user of an e-mail address; undefined when there is none, or Slack cannot say now. Never throws. */
export type FindPerson = (email: string) => Promise<string | undefined>;

const most = 2_000;

/** Looks addresses up once and remembers the answers, the empty ones too. Bots and people who left are nobody. */
export function createFindPerson(call: CallSlack, log: Log): FindPerson {
  const known = new Map<string, string | undefined>();
  return async (email) => {
    if (known.has(email)) return known.get(email);
    try {
      const { user } = await call("look up a commit's author", (client) => client.users.lookupByEmail({ email }));
      const id = user?.deleted || user?.is_bot ? undefined : user?.id;
      remember(known, email, id);
      return id;
    } catch (error) {
      if (slackReason(error) === "users_not_found") remember(known, email, undefined);
      else log.warn({ reason: messageOf(error) }, "Author could not be looked up");
      return undefined;
    }
  };
}

function remember(known: Map<string, string | undefined>, email: string, id: string | undefined): void {
  if (known.size >= most) known.clear();
  known.set(email, id);
}

/** E-mail of the first suspect's author, where it can lead to a person. */
export function authorEmail({ diagnosis }: Incident): string | undefined {
  const subject = diagnosis === undefined ? undefined : namedSuspects(diagnosis)[0]?.subject;
  const email = subject?.kind === "landing" ? subject.landing.author.email : undefined;
  return email !== undefined && /^[^\s@]{1,100}@[^\s@]{1,150}$/.test(email) && !/noreply/i.test(email) ? email : undefined;
}
