import type { EvidenceKind } from "#analysis/evidence/scene.ts";
import { kindsOfContext, kindsOfRisk } from "#analysis/evidence/all.ts";
import { createHistory } from "#analysis/history.ts";
import type { Repository } from "./data.ts";

/** The features of each learnt kind of evidence, as a late incident of the first repository shows them: kind -> names. */
export function featureNames([repository]: readonly Repository[]): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  const incident = repository?.incidents.findLast((one) => one.symptom !== undefined && one.hint !== undefined);
  if (!repository || !incident) return names;
  const history = createHistory();
  for (const landing of repository.landings) if (landing.at <= incident.at) history.add(landing);
  const scene = history.sceneAt({ id: incident.id, at: incident.at, service: incident.hint, symptom: incident.symptom });
  const found = scene.window.candidates.flatMap((candidate) =>
    [...kindsOfContext, ...kindsOfRisk].flatMap((kind: EvidenceKind) => kind(candidate, scene) ?? []),
  );
  for (const { kind, features } of found) names.set(kind, new Set([...(names.get(kind) ?? []), ...Object.keys(features ?? {})]));
  return names;
}
