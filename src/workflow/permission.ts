import type { Intent } from "#domain/intent.ts";
import type { Incident } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import { isPlace } from "#domain/workload.ts";
import type { Judgement, Person, Policy } from "#domain/policy.ts";
import type { PeoplePort } from "#domain/ports/slack.ts";
import { FIRST_YES_MS, type FirstYes, type Step } from "#domain/plan.ts";
import { judge } from "#analysis/policy.ts";

/** What may be asked of who may do what. */
export interface PermissionOptions {
  readonly policy: Policy;
  readonly people: PeoplePort;
}

interface SigningOptions {
  readonly isSigned: (value: object, signature: string) => boolean;
  readonly now: () => Instant;
}

/** May this person take this step of this incident; `intent`: as it was shown, where it was. Throws where Slack cannot say who that is. */
export async function permit(
  { policy, people }: PermissionOptions,
  user: string,
  incident: Incident,
  step: Step,
  intent?: Intent,
): Promise<Judgement> {
  const { workload } = incident;
  if (isPlace(workload) || step.kind === "verify")
    return { kind: "denied", why: "It is about no workload: there is nothing to do for anybody." };
  const person = await people.person(user);
  return judge(policy, person, { verb: step.kind, workload, isSafe: isSafe(incident, step, intent) });
}

/** What the search said of the schema holds for the revision that it looked at, and for no other. */
function isSafe({ diagnosis }: Incident, { aside }: Step, intent: Intent | undefined): boolean {
  if (diagnosis?.rollbackSafety.verdict !== "safe") return false;
  if (intent?.kind !== "rollback") return aside === undefined;
  return intent.toTemplateHash === diagnosis.goodRevision?.templateHash;
}

/** What the signature of a first yes is over. */
export function saidBy(incidentId: string, stepId: string, { by, at, intent }: Omit<FirstYes, "signature">): object {
  return { incidentId, stepId, by, at, intent };
}

/** The first yes, while it waits for another. One that `serve` did not sign was put there by somebody who can write Redis, and counts for nothing. */
export function signedYes({ isSigned, now }: SigningOptions, incidentId: string, { id, firstYes }: Step): FirstYes | undefined {
  if (!firstYes || now() - firstYes.at > FIRST_YES_MS) return undefined;
  return isSigned(saidBy(incidentId, id, firstYes), firstYes.signature ?? "") ? firstYes : undefined;
}

/** Why this person cannot be the second, or undefined. Throws where Slack cannot say who wrote the suspect. */
export async function whyNotSecond(
  people: PeoplePort,
  { diagnosis }: Incident,
  first: NonNullable<Step["firstYes"]>,
  user: string,
): Promise<string | undefined> {
  if (first.by === user) return "You have said yes already. It takes two different people: ask somebody else to press.";
  const subject = diagnosis?.named ? diagnosis.suspects[0]?.subject : undefined;
  const email = subject?.kind === "landing" ? subject.landing.author.email : undefined;
  if (email === undefined || (await people.byEmail(email)) !== user) return undefined;
  return "You wrote the suspected change: the second yes must come from somebody else.";
}

/** May this person act against the rules? Only a member whom the configuration names. */
export function mayBreakGlass({ breakGlass }: Policy, person: Person): boolean {
  return person.kind === "member" && breakGlass.includes(person.id);
}
