import type { LookPort } from "#domain/ports/look.ts";
import type { PeoplePort } from "#domain/ports/slack.ts";
import type { Parts } from "#app/parts.ts";
import { createLook } from "#workflow/look.ts";
import { createOwnership } from "#workflow/ownership.ts";

/** What may be looked up from Slack. Whose code a workload runs is told without asking GitHub: an answer does not wait for it. */
export function lookOf({ file, policy, store, clock, log }: Parts, people: PeoplePort): LookPort {
  const layout = async () => undefined;
  const { ownership: rules, repositories, cluster } = file;
  const ownershipOf = createOwnership({ verbs: { layout }, rules, repositories, layouts: layout, log });
  return createLook({ verbs: store, cluster, ownershipOf, policy, people, now: clock.now, log });
}
