import { addressOf, namesOf } from "#analysis/author.ts";
import type { Author } from "#domain/change.ts";
import type { Log } from "#lib/log.ts";
import type { Named, TellSettings } from "#domain/told.ts";
import type { OnCallPerson } from "#domain/ports/told.ts";
import type { Person } from "#domain/policy.ts";
import type { PeoplePort } from "#domain/ports/slack.ts";
import { messageOf } from "#lib/errors.ts";
import { plainOwner } from "#analysis/route.ts";
import { within } from "#lib/within.ts";

/** A message waits for it. Wall milliseconds. */
const patienceMs = 2_000;

export interface LookUpOptions {
  readonly settings: Pick<TellSettings, "people" | "owners">;
  readonly people: PeoplePort;
  readonly log: Log;
}

/** Finds the Slack ids of those whom others know by other names: by what the configuration says, then by address. No verb throws. */
export interface LookUp {
  author(author: Author): Promise<Named>;
  /** As CODEOWNERS writes it: `@org/team`, `@login` or an address. */
  owner(owner: string): Promise<Named>;
  onCall(person: OnCallPerson): Promise<Named>;
  /** Is it a group, or a person who is there to be called? Who cannot be asked about is. */
  isThere(id: string): Promise<boolean>;
}

/** Creates it. */
export function createLookUp(options: LookUpOptions): LookUp {
  const { settings } = options;
  const name = async (name: string, configured: string | undefined, email: string | undefined): Promise<Named> => {
    const id = configured ?? (email === undefined ? undefined : await byEmail(options, email));
    const isVerified = (person: Person) => configured !== undefined || person.email !== undefined;
    return id !== undefined && (await isThere(options, id, isVerified)) ? { id, name } : { name };
  };
  return {
    author: (author) => name(author.name, first(settings.people, namesOf(author)), addressOf(author)),
    owner: (owner) => {
      const key = plainOwner(owner);
      const isAddress = !owner.startsWith("@");
      const configured = first(settings.owners, [key]) ?? first(settings.people, [key]);
      return name(owner, configured, isAddress ? addressOf({ email: owner }) : undefined);
    },
    onCall: (person) => {
      const { email } = person;
      const configured = email === undefined ? undefined : first(settings.people, [email]);
      return name(person.name ?? email ?? "somebody", configured, addressOf(person));
    },
    isThere: (id) => isThere(options, id),
  };
}

function first(known: Readonly<Record<string, string>>, names: readonly string[]): string | undefined {
  // A login may be called "constructor".
  const name = names.find((one) => Object.hasOwn(known, one));
  return name === undefined ? undefined : known[name];
}

async function byEmail({ people, log }: LookUpOptions, email: string): Promise<string | undefined> {
  try {
    return await within(patienceMs, "look somebody up in Slack", people.byEmail(email));
  } catch (error) {
    log.warn({ reason: messageOf(error) }, "Somebody could not be looked up in Slack; they are named plainly");
    return undefined;
  }
}

/** `isFit`: of a person that was found by an address, is it theirs for certain? */
async function isThere(
  { people, log }: LookUpOptions,
  id: string,
  isFit: (person: Person) => boolean = () => true,
): Promise<boolean> {
  if (!/^[UW]/.test(id)) return true;
  try {
    const person = await within(patienceMs, "look up who somebody is", people.person(id));
    return person.kind !== "deactivated" && person.kind !== "bot" && isFit(person);
  } catch (error) {
    log.warn({ id, reason: messageOf(error) }, "Nobody could say whether somebody is still there; they are mentioned");
    return true;
  }
}
