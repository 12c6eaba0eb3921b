import type { EvidenceKind } from "./scene.ts";
import type { LandingWords } from "./said-words.ts";
import type { Survey } from "./survey.ts";
import { listed } from "#analysis/words.ts";

/** Rare words that it shares with what was seen: an alert's text, or what a person wrote. */
export const symptom: EvidenceKind = (candidate, { survey }) => {
  const words = survey.of(candidate)?.words;
  const said = survey.symptom;
  if (!words || said.size === 0) return undefined;
  const [title, body, paths] = weigh(words, said);
  return {
    kind: "symptom",
    features: {
      symptomTitle: title,
      symptomBody: body,
      symptomPaths: paths,
      symptomInTitle: title > 0 ? 1 : 0,
      symptomBest: Math.sqrt(Math.max(title, 0.6 * body, 0.6 * paths)),
      symptomNumber: holdsNumber(words, said) ? 1 : 0,
    },
    text: () => {
      const shared = [...said].filter(([word]) => words.title.has(word) || words.body.has(word) || words.paths.has(word));
      const rarest = shared.toSorted(([, a], [, b]) => b - a).map(([word]) => word);
      return rarest.length > 0
        ? `It shares words with what was seen (${listed(rarest)}).`
        : "It shares no word with what was seen.";
    },
  };
};

/** How rare the said words are together that it holds, by where it does. */
function weigh(words: LandingWords, said: Survey["symptom"]): readonly [title: number, body: number, paths: number] {
  let [title, body, paths] = [0, 0, 0];
  for (const [word, rarity] of said) {
    const counted = Math.max(0, rarity);
    if (words.title.has(word)) title += counted;
    if (words.body.has(word)) body += counted;
    if (words.paths.has(word)) paths += counted;
  }
  return [title, body, paths];
}

function holdsNumber({ title, body }: LandingWords, said: Survey["symptom"]): boolean {
  for (const word of said.keys()) if ((title.has(word) || body.has(word)) && /^\d/.test(word)) return true;
  return false;
}
