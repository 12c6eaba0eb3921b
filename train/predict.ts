import type { HistoryAnswer } from "#analysis/history.ts";
import type { Knowledge, Weights } from "#analysis/weights.ts";
import { createHistory } from "#analysis/history.ts";
import { serviceOf } from "./cases.ts";
import type { Labelled, Repository } from "./data.ts";

/** What is known when an incident opens. */
export interface Asked {
  readonly knowledge: Knowledge;
  readonly symptom: boolean;
}

/** A labelled incident with its candidates and what was answered. */
export interface Answered {
  readonly incident: Labelled;
  readonly repository: string;
  /** Ids of what could be the answer, oldest first. */
  readonly candidates: readonly string[];
  readonly answer: HistoryAnswer;
}

/** Asks about each incident of a repository, in order of time, as the `rank` command does. */
export function answerAll(repository: Repository, weights: Weights, { knowledge, symptom }: Asked): Answered[] {
  const history = createHistory();
  let next = 0;
  return repository.incidents.map((incident) => {
    for (; (repository.landings[next]?.at ?? Infinity) <= incident.at; next += 1) {
      const landing = repository.landings[next];
      if (landing) history.add(landing);
    }
    const question = {
      id: incident.id,
      at: incident.at,
      leaveOut: incident.leaveOut,
      symptom: symptom ? incident.symptom : undefined,
      ...serviceOf(incident, knowledge),
    };
    const answer = history.rankAt(question, { weights, told: 0 });
    const from = incident.at - 72 * 3_600_000;
    const candidates = repository.landings
      .slice(Math.max(0, next - 5_000), next)
      .filter((one) => one.at > from && one.id !== incident.leaveOut)
      .filter((one) => !repository.reverts.has(one.id) || one.id === incident.culprit)
      .map((one) => one.id);
    return { incident, repository: repository.name, candidates, answer };
  });
}
