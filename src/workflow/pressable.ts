import type { Incident } from "#domain/incident.ts";
import type { Person } from "#domain/policy.ts";
import type { Pressable } from "#domain/ports/look.ts";
import type { Log } from "#lib/log.ts";
import type { StopPort } from "#domain/ports/store.ts";
import { isProtected } from "#analysis/policy.ts";
import { messageOf } from "#lib/errors.ts";
import { type PermissionOptions, mayBreakGlass, permit } from "./permission.ts";
import { noStepOf } from "./find-step.ts";

/** What may be asked of who may press. */
export interface PressableOptions extends PermissionOptions {
  readonly verbs: Pick<StopPort, "findStop">;
  readonly log: Log;
}

const stopped = "All acts are stopped, for everybody.";
const cannotTell = "Slack does not say who you are right now, so nobody can tell whether you may do this.";

/** Every step that could be pressed now, with what the rules say of this person; while all acts are stopped, nobody may. Nothing is recorded. */
export async function pressable(options: PressableOptions, user: string, incident: Incident): Promise<readonly Pressable[]> {
  const { people, verbs, log } = options;
  const steps = incident.plan.filter((step) => step.kind !== "verify" && noStepOf(incident, step) === undefined);
  if (await verbs.findStop()) return steps.map((step) => ({ step, allowed: false, breakGlass: false, text: stopped }));
  try {
    const person = steps.length === 0 ? undefined : await people.person(user);
    return person === undefined ? [] : await Promise.all(steps.map((step) => judged(options, person, incident, step)));
  } catch (error) {
    log.warn({ user, reason: messageOf(error) }, "Somebody cannot be told, and may do nothing");
    return steps.map((step) => ({ step, allowed: false, breakGlass: false, text: cannotTell }));
  }
}

async function judged(
  options: PressableOptions,
  person: Person,
  incident: Incident,
  step: Pressable["step"],
): Promise<Pressable> {
  const { kind, why } = await permit(options, person.id, incident, step);
  const breakGlass = mayBreakGlass(options.policy, person) && !isProtected(options.policy, incident.workload.namespace);
  return { step, allowed: kind === "allowed", breakGlass, text: why };
}
