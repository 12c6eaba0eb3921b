import type { Landing } from "#domain/change.ts";
import type { Features, Scene } from "#analysis/evidence/scene.ts";
import { createPast } from "#analysis/past/past.ts";
import { kindsOfRisk } from "#analysis/evidence/all.ts";
import { surveyOf } from "#analysis/evidence/survey.ts";
import { featuresOf } from "./cases.ts";
import type { Repository } from "./data.ts";

/** One landing with what was known of it when it landed, and whether it had to be taken back. */
export interface Landed {
  readonly repository: string;
  readonly features: Features;
  readonly failed: boolean;
}

/** Every landing of a repository, but reverts and planned reverts' targets. Failed: an incident's culprit, or reverted within a week. */
export function landedIn({ name, landings, reverts, incidents }: Repository): Landed[] {
  const past = createPast();
  for (const landing of landings) past.add(landing);
  const culprits = new Set(incidents.flatMap(({ culprit, planned }) => (culprit === undefined || planned ? [] : [culprit])));
  const planned = new Set(incidents.flatMap(({ culprit, planned: was }) => (culprit !== undefined && was ? [culprit] : [])));
  const known = createPast();
  return landings.flatMap((landing): Landed[] => {
    known.add(landing);
    if (reverts.has(landing.id) || planned.has(landing.id)) return [];
    const takenAt = past.revertedAt(landing.id);
    const failed = culprits.has(landing.id) || (takenAt !== undefined && takenAt - landing.at < 7 * 86_400_000);
    const candidate = { id: landing.id, at: landing.at, landing, via: "none" } as const;
    return [{ repository: name, features: featuresOf(candidate, alone(landing, known), kindsOfRisk), failed }];
  });
}

/** A scene with this landing only. */
function alone(landing: Landing, past: ReturnType<typeof createPast>): Scene {
  const candidates = [{ id: landing.id, at: landing.at, landing, via: "none" }] as const;
  return {
    workload: { namespace: "", name: "" },
    onset: { at: landing.at, clearAt: landing.at, by: "replicas" },
    window: { candidates, rollouts: [], landings: [landing], rolloutOf: new Map() },
    ownership: { paths: [], from: "unknown" },
    own: [],
    alerts: [],
    regime: "landings",
    past,
    survey: surveyOf(candidates, []),
  };
}
