import type { AuditPort, IncidentPort, VerdictPort } from "#domain/ports/store.ts";
import type { Incident } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import type { JudgeRequest } from "#domain/ports/slack.ts";
import type { Suspect } from "#domain/diagnosis.ts";
import { type Said, type Verdict, standingOn } from "#domain/verdict.ts";
import type { Enqueue } from "./jobs.ts";
import { suspectTitle } from "#analysis/suspect-title.ts";

type Verbs = Pick<IncidentPort, "findIncident" | "updateIncident"> &
  Pick<AuditPort, "audit"> &
  Pick<VerdictPort, "saveVerdict" | "forgetVerdict" | "verdicts"> & { readonly enqueue: Enqueue };

interface JudgeOptions {
  readonly verbs: Verbs;
  readonly now: () => Instant;
}

/** What is kept of what was said in one incident: each is a reply in its thread. */
const mostSaid = 50;

/**
 * Records that a suspect was it, or was not, or takes that back; the incident's message and thread then say so. False: nothing was to be
 * done, since the same person has said the same already, or nobody has said anything.
 */
export function createJudge(options: JudgeOptions): (request: JudgeRequest) => Promise<boolean> {
  const { verbs, now } = options;
  return async (request) => {
    const { incidentId, suspectId, right, user } = request;
    if (right === undefined) return takeBack(options, request);
    const incident = await verbs.findIncident(incidentId);
    const suspects = incident?.diagnosis?.suspects ?? [];
    const rank = suspects.findIndex((one) => one.id === suspectId);
    const suspect = suspects[rank];
    if (!suspect || isSame(incident, request)) return false;
    const at = now();
    await record(options, request);
    await verbs.saveVerdict({ ...verdictOn(suspect, incidentId), rank, right, by: user, at });
    const said = { suspectId, title: suspectTitle(suspect.subject), right, by: user, at };
    await announce(options, incidentId, await verbs.updateIncident(incidentId, (current) => withSaid(current, said)));
    return true;
  };
}

/** The diagnosis may have moved on, and the incident may be gone: what was said is taken back all the same. */
async function takeBack(options: JudgeOptions, request: JudgeRequest): Promise<boolean> {
  const { incidentId, suspectId, user } = request;
  const { verbs, now } = options;
  const wasThere = (await verbs.verdicts()).some((held) => held.incidentId === incidentId && held.suspectId === suspectId);
  const shown = standingOn(suspectId, (await verbs.findIncident(incidentId))?.said);
  if (!wasThere && !shown) return false;
  await record(options, request);
  await verbs.forgetVerdict(incidentId, suspectId);
  const written = await verbs.updateIncident(incidentId, (current) => {
    const stood = standingOn(suspectId, current.said);
    return stood && withSaid(current, { suspectId, title: stood.title, by: user, at: now() });
  });
  await announce(options, incidentId, written);
  return true;
}

function withSaid(incident: Incident, said: Said): Incident {
  return { ...incident, said: [...(incident.said ?? []), said].slice(-mostSaid) };
}

/** Before it counts: a word that counts can be looked up, also after a crash between both. */
async function record({ verbs, now }: JudgeOptions, { incidentId, suspectId, user, right }: JudgeRequest): Promise<void> {
  const on = (await verbs.findIncident(incidentId))?.key;
  const entry = {
    at: now(),
    incidentId,
    stepId: `verdict/${suspectId}`,
    by: user,
    what: "judged",
    text: wordsOf(right),
  } as const;
  await verbs.audit({ ...entry, ...(on !== undefined && { on }) });
}

async function announce(
  { verbs }: JudgeOptions,
  incidentId: string,
  written: { readonly version: number } | undefined,
): Promise<void> {
  if (!written) return;
  await verbs.enqueue("announce", { incidentId }, { id: `announce/${incidentId}/${written.version}`, coalesce: true });
}

function isSame(incident: Incident | undefined, { suspectId, right, user }: JudgeRequest): boolean {
  const stands = standingOn(suspectId, incident?.said);
  return stands?.right === right && stands?.by === user;
}

function verdictOn({ id, probability, evidence }: Suspect, incidentId: string): Omit<Verdict, "right" | "by" | "at"> {
  return { incidentId, suspectId: id, probability, evidence: evidence.map((one) => ({ kind: one.kind, for: one.for })) };
}

function wordsOf(right: boolean | undefined): string {
  if (right === undefined) return "verdict taken back";
  return right ? "that was it" : "that was not it";
}
