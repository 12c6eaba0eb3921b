import type { EvidenceKind } from "./scene.ts";
import { listed } from "#analysis/words.ts";

/** Rare words that it shares with what was seen: an alert's text, or what a person wrote. */
export const symptom: EvidenceKind = ({ landing }, { survey }) => {
  if (!landing || !survey.symptom || survey.symptom.size === 0) return undefined;
  const said = [...survey.symptom];
  const words = survey.wordsOf(landing);
  const weigh = (held: ReadonlySet<string>) =>
    said.reduce((sum, word) => sum + (held.has(word) ? Math.max(0, survey.rarity(word)) : 0), 0);
  const [title, body, paths] = [weigh(words.title), weigh(words.body), weigh(words.paths)];
  return {
    kind: "symptom",
    features: {
      symptomTitle: title,
      symptomBody: body,
      symptomPaths: paths,
      symptomInTitle: title > 0 ? 1 : 0,
      symptomBest: Math.sqrt(Math.max(title, 0.6 * body, 0.6 * paths)),
      symptomNumber: said.some((word) => (words.title.has(word) || words.body.has(word)) && /^\d/.test(word)) ? 1 : 0,
    },
    text: () => {
      const shared = said.filter((word) => words.title.has(word) || words.body.has(word) || words.paths.has(word));
      return shared.length > 0
        ? `It shares words with what was seen (${listed(shared.toSorted((a, b) => survey.rarity(b) - survey.rarity(a)))}).`
        : "It shares no word with what was seen.";
    },
  };
};
