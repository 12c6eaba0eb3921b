import { type EvidenceKind, supports } from "./scene.ts";
import { addedCode } from "./added-code.ts";

/** What keeps something: lists and maps that are added to, rows and documents that are written, caches, listeners, timers. */
const KEEPS =
  /\b(?:[rl]?push|append|insert(?:_?(?:one|many|row))?|put|sadd|zadd|enqueue|remember|memoi[sz]e|subscribe|addEventListener|setInterval)\s*\(|\binsert\s+into\b|\bcache[ds]?\b|\.\s*(?:set|add|store)\s*\(/i;

/** Where a request got dearer slowly: its diff adds something that is kept with each call, and such things pile up. */
export const pilesUp: EvidenceKind = ({ landing }, { drift }) => {
  if (!drift || !landing) return undefined;
  const found = addedCode(landing)
    .map((line) => KEEPS.exec(line)?.[0])
    .find((match) => match !== undefined);
  return found === undefined
    ? undefined
    : supports("piles-up", 1.5, `Its diff adds something that is kept (${found.trim().slice(0, 40)}): that may pile up.`);
};
