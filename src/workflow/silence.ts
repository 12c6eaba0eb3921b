import type { AuditPort, ClusterPort, IncidentPort } from "#domain/ports/store.ts";
import type { QuietPort, SilenceAnswer, SilencePort, SilenceRequest } from "#domain/ports/quiet.ts";
import type { Instant } from "#domain/workload.ts";
import type { Log } from "#lib/log.ts";
import type { PeoplePort } from "#domain/ports/slack.ts";
import type { Policy } from "#domain/policy.ts";
import type { Silence } from "#domain/quiet.ts";
import { covers } from "#analysis/pattern.ts";
import { mayAnything } from "#analysis/policy.ts";
import { readMeant } from "./meant.ts";
import { recordRefusal } from "./record-refusal.ts";
import type { Enqueue } from "./jobs.ts";

export interface SilenceOptions {
  readonly verbs: SilencePort &
    Pick<ClusterPort, "workloads"> &
    Pick<IncidentPort, "findIncident" | "openIncidents"> &
    Pick<AuditPort, "audit"> & { readonly enqueue: Enqueue };
  readonly cluster: string;
  readonly policy: Policy;
  readonly people: Pick<PeoplePort, "person">;
  readonly now: () => Instant;
  readonly log: Log;
}

const longestMs = 7 * 24 * 3_600_000;
const mostReason = 300;
const mostName = 200;
const nowhere = { incidentId: "-", stepId: "-" } as const;

/** Lets nothing be told of some workloads for a while, or again. Who may: those whom a rule allows anything. */
export function createSilences(options: SilenceOptions): Pick<QuietPort, "silence" | "silences"> {
  const { verbs, policy, people } = options;
  return {
    silences: () => verbs.silences(),
    silence: async (request) => {
      const { user, workload } = request;
      const person = await people.person(user);
      if (!mayAnything(policy, person)) {
        await recordRefusal(options, { ...nowhere, user, text: `silence ${workload}`.slice(0, 300) });
        return { kind: "refused", text: "Only people whom a rule allows something may do that. Nothing was changed." };
      }
      return request.what.kind === "off" ? lift(options, request) : keep(options, request, request.what, person.name);
    },
  };
}

async function keep(
  options: SilenceOptions,
  { workload, user }: SilenceRequest,
  { until, reason }: Extract<SilenceRequest["what"], { kind: "until" }>,
  byName: string | undefined,
): Promise<SilenceAnswer> {
  const { verbs, now } = options;
  const from = now();
  const refused = refusalOf(from, until, reason);
  if (refused) return { kind: "refused", text: refused };
  const meant = await readMeant(options, workload);
  if (meant.kind !== "meant") return meant;
  const by = { by: user, ...(byName !== undefined && { byName: byName.slice(0, mostName) }) };
  const silence: Silence = { pattern: meant.pattern, from, until, ...by, reason: reason.slice(0, mostReason) };
  // On record before it silences anything.
  await write(options, silence.pattern, user, `until ${new Date(until).toISOString()}: ${silence.reason}`);
  if (!(await verbs.saveSilence(silence)))
    return { kind: "refused", text: "There are too many silences: end some, or use a pattern. Nothing was changed." };
  return { kind: "set", silence, workloads: meant.workloads };
}

function refusalOf(from: Instant, until: Instant, reason: string): string | undefined {
  if (until <= from) return "That moment has passed already.";
  if (until - from > longestMs) return "A silence holds for 7 days at most.";
  return reason.trim() === "" ? "Say why, so that others know." : undefined;
}

/** Also of a workload that is gone, by what it is called in the list. What is open is told now. */
async function lift(options: SilenceOptions, { workload, user }: SilenceRequest): Promise<SilenceAnswer> {
  const { verbs } = options;
  const meant = await readMeant(options, workload);
  const names = [workload, ...(meant.kind === "meant" ? [meant.pattern] : [])];
  const held = (await verbs.silences()).find(({ pattern }) => names.includes(pattern));
  if (!held) return meant.kind === "meant" ? { kind: "off", pattern: meant.pattern, was: false } : meant;
  const { pattern } = held;
  await write(options, pattern, user, "off");
  await verbs.forgetSilence(pattern);
  for (const { id } of (await verbs.openIncidents()).filter(({ key }) => covers(pattern, key)))
    await verbs.enqueue("announce", { incidentId: id }, { id: `announce/${id}`, coalesce: true });
  return { kind: "off", pattern, was: true };
}

function write({ verbs, now }: SilenceOptions, on: string, by: string, text: string): Promise<void> {
  return verbs.audit({ ...nowhere, at: now(), what: "silenced", by, on, text });
}
