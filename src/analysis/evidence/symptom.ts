import type { EvidenceKind } from "./scene.ts";
import type { Survey } from "./survey.ts";
import { heldWords } from "./said-words.ts";
import { listed } from "#analysis/words.ts";

/** Rare words that it shares with what was seen: an alert's text, or what a person wrote. */
export const symptom: EvidenceKind = (candidate, { survey }) => {
  const words = survey.of(candidate)?.words;
  const said = survey.symptom;
  if (!words || said.size === 0) return undefined;
  const [title, body, paths] = [rarityOf(words.title, said), rarityOf(words.body, said), rarityOf(words.paths, said)];
  return {
    kind: "symptom",
    features: {
      symptomTitle: title,
      symptomBody: body,
      symptomPaths: paths,
      symptomInTitle: title > 0 ? 1 : 0,
      symptomBest: Math.sqrt(Math.max(title, 0.6 * body, 0.6 * paths)),
      symptomNumber: words.title.some(isNumber) || words.body.some(isNumber) ? 1 : 0,
    },
    text: () => {
      const held = heldWords(words);
      const shared = [...said].filter(([word]) => held.has(word));
      const rarest = shared.toSorted(([, a], [, b]) => b - a).map(([word]) => word);
      return rarest.length > 0
        ? `It shares words with what was seen (${listed(rarest)}).`
        : "It shares no word with what was seen.";
    },
  };
};

/** How rare these words are together. */
function rarityOf(words: readonly string[], said: Survey["symptom"]): number {
  let sum = 0;
  for (const word of words) sum += Math.max(0, said.get(word) ?? 0);
  return sum;
}

function isNumber(word: string): boolean {
  return /^\d/.test(word);
}
