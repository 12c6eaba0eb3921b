import type { Knowledge, Weights } from "#analysis/weights.ts";
import { type Case, casesOf } from "./cases.ts";
import { type Settings, fitIncidents, fitRisk } from "./model.ts";
import { type Landed, landedIn } from "./risk.ts";
import type { Repository } from "./data.ts";

/** Cases by what is known. */
export type Cases = Partial<Record<Knowledge, readonly Case[]>>;

/** What weights are learnt from. */
export interface Material {
  readonly landed: readonly Landed[];
  readonly cases: Cases;
}

/**
 * Reads the features off: each repository alone, and all of them as one stream with as many more candidates, so that the
 * weights hold for small and for busy repositories. Both count half.
 */
export function materialOf(repositories: readonly Repository[], asked: readonly Knowledge[]): Material {
  const pool = poolOf(repositories);
  const cases: Cases = {};
  for (const knowledge of asked) {
    const view = { knowledge, symptoms: "borrowed" } as const;
    const both = [...repositories.flatMap((one) => casesOf(one, view)), ...casesOf(pool, view)];
    cases[knowledge] = both.map((one) => ({ ...one, importance: one.importance / 2 }));
  }
  return { landed: repositories.flatMap(landedIn), cases };
}

/** Fits all that is asked; what was not asked gets the weights of the first that was. */
export function fitMaterial({ landed, cases }: Material, use: Settings): Weights {
  const risk = fitRisk(landed, use);
  const fitted = new Map(Object.entries(cases).map(([knowledge, some]) => [knowledge, fitIncidents(some, risk, use)]));
  const of = (knowledge: Knowledge) => {
    const found = fitted.get(knowledge) ?? [...fitted.values()][0];
    if (!found) throw new Error("Cannot train: no cases");
    return found;
  };
  const [known, hint, unknown] = [of("known"), of("hint"), of("unknown")];
  return {
    features: { known: known.features, hint: hint.features, unknown: unknown.features },
    none: { known: known.none, hint: hint.none, unknown: unknown.none },
  };
}

/** Visits each repository with what can be learnt from all others; one at a time, because material is large. */
export function eachFold(
  repositories: readonly Repository[],
  asked: readonly Knowledge[],
  visit: (left: Repository, material: Material) => void,
): void {
  for (const left of repositories) {
    const others = repositories.filter((one) => one !== left);
    visit(left, materialOf(others, asked));
  }
}

/** Several repositories as one stream of changes and incidents. */
export function poolOf(repositories: readonly Repository[]): Repository {
  return {
    name: repositories.map(({ name }) => name).join("+"),
    landings: repositories.flatMap(({ landings }) => landings).toSorted((a, b) => a.at - b.at),
    reverts: new Set(repositories.flatMap(({ reverts }) => [...reverts])),
    incidents: repositories.flatMap(({ incidents }) => incidents).toSorted((a, b) => a.at - b.at),
    digest: "",
  };
}
