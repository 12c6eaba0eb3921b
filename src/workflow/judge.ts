import type { AuditPort, IncidentPort, VerdictPort } from "#domain/ports/store.ts";
import type { Instant } from "#domain/workload.ts";
import type { JudgeRequest } from "#domain/ports/slack.ts";
import type { Suspect } from "#domain/diagnosis.ts";
import type { Verdict } from "#domain/verdict.ts";
import type { Enqueue } from "./jobs.ts";

type Verbs = Pick<IncidentPort, "findIncident" | "updateIncident"> &
  Pick<AuditPort, "audit"> &
  Pick<VerdictPort, "saveVerdict" | "forgetVerdict" | "verdicts"> & { readonly enqueue: Enqueue };

interface JudgeOptions {
  readonly verbs: Verbs;
  readonly now: () => Instant;
}

/**
 * Records that a suspect was it, or was not, or takes that back; the incident's message then says so. False: nothing was to be done,
 * since the same person has said the same already, or nobody has said anything.
 */
export function createJudge(options: JudgeOptions): (request: JudgeRequest) => Promise<boolean> {
  const { verbs, now } = options;
  return async (request) => {
    const { incidentId, suspectId, right, user } = request;
    if (right === undefined) return takeBack(options, request);
    const incident = await verbs.findIncident(incidentId);
    const suspect = incident?.diagnosis?.suspects.find((one) => one.id === suspectId);
    if (!suspect || isSame(incident?.verdict, request)) return false;
    const verdict = { ...verdictOn(suspect, incidentId), right, by: user, at: now() };
    await record(options, request);
    await verbs.saveVerdict(verdict);
    await announce(options, incidentId, await verbs.updateIncident(incidentId, (current) => ({ ...current, verdict })));
    return true;
  };
}

/** The diagnosis may have moved on, and the incident may be gone: what was said is taken back all the same. */
async function takeBack(options: JudgeOptions, request: JudgeRequest): Promise<boolean> {
  const { incidentId, suspectId } = request;
  const { verbs } = options;
  const wasThere = (await verbs.verdicts()).some((held) => held.incidentId === incidentId && held.suspectId === suspectId);
  const shows = (await verbs.findIncident(incidentId))?.verdict?.suspectId === suspectId;
  if (!wasThere && !shows) return false;
  await record(options, request);
  await verbs.forgetVerdict(incidentId, suspectId);
  const written = await verbs.updateIncident(incidentId, ({ verdict, ...rest }) =>
    verdict?.suspectId === suspectId ? rest : undefined,
  );
  await announce(options, incidentId, written);
  return true;
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

function isSame(held: Verdict | undefined, { suspectId, right, user }: JudgeRequest): boolean {
  return held?.suspectId === suspectId && held.right === right && held.by === user;
}

function verdictOn({ id, probability, evidence }: Suspect, incidentId: string): Omit<Verdict, "right" | "by" | "at"> {
  return { incidentId, suspectId: id, probability, evidence: evidence.map((one) => ({ kind: one.kind, for: one.for })) };
}

function wordsOf(right: boolean | undefined): string {
  if (right === undefined) return "verdict taken back";
  return right ? "that was it" : "that was not it";
}
