/** Words that say nothing: of every sentence, and of every commit message. */
const STOP = new Set(
  (
    "the and for with this that from are was not but have has had will would can could should does did than then there here when which who " +
    "what why how all any some its their use used using also only into out new add added more make makes made change changes revert reverts " +
    "reverted bug issue fix test tests via http https com org google chromium googlesource reviewed review reason description original patch " +
    "you your our they them out per has been over under"
  ).split(" "),
);
const ENDINGS = ["ingly", "ations", "ation", "ings", "ing", "edly", "ed", "ies", "es", "s", "ly"];

/** Stems of the words in a text, names of code taken apart (`userName`, `user_name`), and long numbers; in order, with repeats. */
export function tokensOf(text: string): string[] {
  return wordsIn(text)
    .filter((word) => !STOP.has(word))
    .map(stem);
}

/** Which of these stems a text holds, in their order; the same as asking `tokensOf`, without taking every word to its stem. */
export function stemsIn(text: string, stems: ReadonlySet<string>): readonly string[] {
  const lower = text.toLowerCase();
  // A stem begins its word. Most texts hold none: they share one empty list, since there may be a hundred thousand of them.
  let possible: string[] | undefined;
  for (const one of stems) if (lower.includes(one)) (possible ??= []).push(one);
  if (!possible) return none;
  const found = new Set<string>();
  for (const word of wordsIn(text)) if (possible.some((one) => word.startsWith(one)) && !STOP.has(word)) found.add(stem(word));
  return possible.filter((one) => found.has(one));
}

const none: readonly string[] = [];

function wordsIn(text: string): readonly string[] {
  const lower = text.toLowerCase();
  // Only where there are capitals are there names to be taken apart.
  const apart = lower === text ? text : text.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  return apart.match(/[a-z][a-z0-9]{2,}|\d{4,}/g) ?? none;
}

/** A crude stem: English endings cut where four letters stay. */
function stem(word: string): string {
  const ending = ENDINGS.find((one) => word.endsWith(one) && word.length - one.length >= 4);
  return ending === undefined ? word : word.slice(0, -ending.length);
}
