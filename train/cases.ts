import { createHash } from "node:crypto";
import type { Candidate } from "#analysis/correlate.ts";
import type { EvidenceKind, Features, Scene } from "#analysis/evidence/scene.ts";
import type { Knowledge } from "#analysis/weights.ts";
import { type History, type Question, createHistory } from "#analysis/history.ts";
import { kindsOfContext, kindsOfRisk } from "#analysis/evidence/all.ts";
import { calmIncidents } from "./calm.ts";
import type { Labelled, Repository } from "./data.ts";

/** A labelled incident with what the kinds of evidence say of each candidate. */
export interface Case {
  readonly id: string;
  readonly repository: string;
  readonly lagMinutes?: number;
  /** Index of the culprit among the candidates; -1: no change caused it. */
  readonly answer: number;
  readonly candidates: readonly string[];
  /** Features by name, a candidate each: of how it fits the incident, and of what is known of such landings. */
  readonly context: readonly Features[];
  readonly risk: readonly Features[];
  readonly ofService: number;
  /** How much it counts. */
  readonly importance: number;
}

const MINUTES = 60_000;
const WINDOW_MS = 72 * 60 * MINUTES;
/** Share of incidents without a culprit that are given somebody else's symptom, as many as guilty ones have one. */
const BORROW = 0.63;
/** For each labelled incident that no change caused, so many are made. */
const MADE = 4;

/** What is known when an incident opens, for training and scoring alike. `borrow`: give symptoms to incidents that no change caused. */
export interface View {
  readonly knowledge: Knowledge;
  readonly symptoms: "own" | "borrowed" | "none";
}

/** The unplanned incidents of a repository that can be answered: the culprit is among the candidates. */
export function casesOf(repository: Repository, view: View): Case[] {
  const made = view.symptoms === "borrowed" ? calmIncidents(repository, MADE) : [];
  const incidents = [...repository.incidents, ...made].toSorted((a, b) => a.at - b.at);
  const history = createHistory();
  const pool: string[] = [];
  let next = 0;
  return incidents.flatMap((incident) => {
    for (; (repository.landings[next]?.at ?? Infinity) <= incident.at; next += 1) {
      const landing = repository.landings[next];
      if (landing) history.add(landing);
    }
    const symptom = symptomOf(incident, view, pool);
    if (incident.symptom !== undefined && incident.culprit !== undefined) pool.push(incident.symptom);
    return incident.planned ? [] : (caseOf(repository, incident, symptom, view, history) ?? []);
  });
}

/**
 * People wrote down symptoms of guilty changes only. So that their absence teaches nothing, an incident that no change caused
 * gets the symptom of an earlier one, drawn by its id.
 */
function symptomOf(incident: Labelled, { symptoms }: View, pool: readonly string[]): string | undefined {
  if (symptoms === "none") return undefined;
  if (incident.symptom !== undefined || incident.culprit !== undefined || symptoms === "own") return incident.symptom;
  const draw = createHash("sha256").update(incident.id).digest();
  if (pool.length === 0 || draw.readUInt32BE(0) / 2 ** 32 >= BORROW) return undefined;
  return pool[draw.readUInt32BE(4) % pool.length];
}

function caseOf(
  repository: Repository,
  incident: Labelled,
  symptom: string | undefined,
  { knowledge, symptoms }: View,
  history: History,
): Case | undefined {
  const { id, at, lagMinutes, culprit, leaveOut } = incident;
  const scene = history.sceneAt({ id, at, windowMs: WINDOW_MS, leaveOut, symptom, ...serviceOf(incident, knowledge) });
  const candidates = scene.window.candidates.filter((one) => !repository.reverts.has(one.id) || one.id === culprit);
  const answer = culprit === undefined ? -1 : candidates.findIndex((one) => one.id === culprit);
  if (candidates.length === 0 || (culprit !== undefined && answer < 0)) return undefined;
  return {
    id,
    repository: repository.name,
    lagMinutes,
    answer,
    candidates: candidates.map((one) => one.id),
    context: candidates.map((candidate) => featuresOf(candidate, scene, kindsOfContext)),
    risk: candidates.map((candidate) => featuresOf(candidate, scene, kindsOfRisk)),
    ofService: scene.survey.ofService,
    // Made ones lend the labelled ones their number, not their weight.
    importance: culprit === undefined && symptoms === "borrowed" ? 1 / (1 + MADE) : 1,
  };
}

/** Where the service lies, as far as it is known. */
export function serviceOf({ service, hint }: Labelled, knowledge: Knowledge): Pick<Question, "service" | "sure"> {
  if (knowledge === "unknown") return {};
  return knowledge === "known" ? { service, sure: true } : { service: hint };
}

/** What kinds of evidence say of a candidate, all features together. */
export function featuresOf(candidate: Candidate, scene: Scene, kinds: readonly EvidenceKind[]): Features {
  return Object.assign({}, ...kinds.map((kind) => kind(candidate, scene)?.features ?? {})) as Features;
}
