import { type EvidenceKind, supports } from "./scene.ts";
import { addedCode } from "./added-code.ts";

/** What makes a request dearer, as it reads in the added lines of a diff. */
const SIGNS: readonly { readonly what: string; readonly added: RegExp; readonly message: RegExp }[] = [
  {
    what: "a database query",
    added: /\b(select\s.+\sfrom|insert\s+into|join\s+\w+\s+on|\.query\(|\.execute\(|find(All|Many|_all|_each)\b|\.objects\.)/i,
    message: /\b(quer(y|ies)|sql|index(es)?|n\+1|joins?)\b/i,
  },
  {
    what: "a retry or a timeout",
    added: /\b(retry|retries|max_?attempts|backoff|timeout)\b/i,
    message: /\b(retry|retries|backoff|timeouts?)\b/i,
  },
  {
    what: "a loop over data",
    added:
      /^\s*(for|foreach|while)\b\s*(await\s*)?\(|^\s*(async\s+)?for\s[^#"']{1,80}\s(in|:=|range)\s.*[:{]\s*$|\.(map|flatMap|forEach|filter|reduce)\(/i,
    message: /\b(loops?|iterat\w+|recurs\w+|batch\w*)\b/i,
  },
  { what: "a cache", added: /\bcach(e|ed|ing)\b|\bmemoi[sz]e/i, message: /\bcach(e|es|ed|ing)\b/i },
  {
    what: "parsing or serialising",
    added: /\b(json\.(parse|stringify|loads|dumps)|marshal|unmarshal|serialize|deserialize|regexp?)\b/i,
    message: /\b(seriali[sz]\w+|pars(e|er|ing)|regex\w*)\b/i,
  },
];

/** It adds code of a kind that makes requests dearer: seen in its diff, else named in its message. */
export const hotCode: EvidenceKind = ({ landing }, { regime }) => {
  if (!landing) return undefined;
  const added = addedCode(landing);
  const seen = SIGNS.find((sign) => added.some((line) => sign.added.test(line)));
  // Where landings are all that is known the learnt weights speak for themselves: they were fitted without diffs.
  if (seen) return supports("hot-code", regime === "landings" ? 0 : 0.5, `Its diff adds ${seen.what}.`);
  if (regime === "landings") return undefined;
  const named = SIGNS.find((sign) => sign.message.test(landing.message.slice(0, 2_000)));
  return named ? supports("hot-code", 0.3, `Its message speaks of ${named.what}.`) : undefined;
};
