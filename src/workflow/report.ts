import type { ClaimPort, IncidentPort, MessagePort } from "#domain/ports/store.ts";
import type { MadeReport, ReportAnswer, ReportDraft, ReportLogPort, ReportPort, ReportRequest } from "#domain/ports/report.ts";
import type { Incident } from "#domain/incident.ts";
import type { Instant, WorkloadKey } from "#domain/workload.ts";
import type { PeoplePort } from "#domain/ports/slack.ts";
import { digestOf } from "#lib/digest.ts";
import { readName } from "#analysis/names.ts";
import { reportOf } from "#analysis/report/report.ts";

type Verbs = Pick<IncidentPort, "findIncident" | "latestIncidents"> &
  Pick<ClaimPort, "claim" | "release"> &
  Pick<MessagePort, "findMessage"> &
  ReportLogPort;

export interface ReportOptions {
  readonly verbs: Verbs;
  readonly people: PeoplePort;
  readonly now: () => Instant;
}

/** Longer than Slack takes to refuse a file. Wall ms. */
const claimMs = 60_000;

/** The report of an incident, put into its thread once for each state of things. */
export function createReport(options: ReportOptions): ReportPort {
  const { verbs, people } = options;
  return {
    report: async (request, share) => {
      const { kind } = await people.person(request.user);
      if (kind !== "member") return refused("Only members of this workspace may ask for a report.");
      const found = await findReported(verbs, request.asked);
      if ("similar" in found) return { kind: "unknown", similar: found.similar };
      const name = `report/${found.id}`;
      if (!(await verbs.claim(name, request.user, claimMs)))
        return refused("Somebody has just asked for this report: look into the thread in a moment.");
      try {
        return await shareNews(options, found, request, share);
      } finally {
        await verbs.release(name, request.user);
      }
    },
  };
}

async function shareNews(
  options: ReportOptions,
  incident: Incident,
  { user }: ReportRequest,
  share: (draft: ReportDraft) => Promise<void>,
): Promise<ReportAnswer> {
  const { verbs, now } = options;
  const { id, key, openedAt } = incident;
  const [thread, before] = await Promise.all([verbs.findMessage(id, "headline"), verbs.findReport(id)]);
  if (!thread) return refused("It has no thread yet: its first message has not been posted.");
  const names = await namesIn(options.people, incident);
  const digest = digestOf(reportOf({ incident, names, number: 0, at: openedAt }));
  const answer = { incidentId: id, workload: key, thread };
  if (before?.digest === digest) return { kind: "same", ...answer, number: before.number, at: before.at };
  const made: MadeReport = { number: (before?.number ?? 0) + 1, at: now(), digest };
  await share({
    incidentId: id,
    title: `Incident report of ${key}, version ${made.number}`,
    fileName: `report-${id}-v${made.number}.md`,
    markdown: reportOf({ incident, names, ...made }),
    number: made.number,
    user,
    thread,
  });
  await verbs.saveReport(id, made);
  return { kind: "shared", ...answer, number: made.number, at: made.at };
}

/** By an incident's id, or by the name of something that has had one: then its newest, open or over. */
export async function findReported(
  verbs: Pick<IncidentPort, "findIncident" | "latestIncidents">,
  asked: string,
): Promise<Incident | { readonly similar: readonly WorkloadKey[] }> {
  const byId = await verbs.findIncident(asked);
  if (byId) return byId;
  const latest = await verbs.latestIncidents();
  const named = readName([...latest.keys()], asked);
  // A cluster or a namespace has no name: it is meant when its key is written out.
  const place = [...latest.keys()].find((key) => key === asked || key.replace(/\/+$/, "") === asked);
  const key = place ?? (named.kind === "found" ? named.key : undefined);
  const incident = key === undefined ? undefined : await verbs.findIncident(latest.get(key) ?? "");
  return incident ?? { similar: named.kind === "found" ? [] : named.keys };
}

/** Who is named in it, as far as Slack says. */
async function namesIn(people: PeoplePort, { plan, said = [] }: Incident): Promise<ReadonlyMap<string, string>> {
  const ids = new Set([...plan.flatMap(({ by, second }) => [by, second]), ...said.map(({ by }) => by)]);
  const known = await Promise.all(
    [...ids].filter((id) => id !== undefined).map(async (id) => [id, await nameOf(people, id)] as const),
  );
  return new Map(known.flatMap(([id, name]) => (name === undefined ? [] : [[id, name]])));
}

/** Without a name the report shows the id. */
async function nameOf(people: PeoplePort, id: string): Promise<string | undefined> {
  try {
    return (await people.person(id)).name;
  } catch {
    return undefined;
  }
}

function refused(text: string): ReportAnswer {
  return { kind: "refused", text };
}
