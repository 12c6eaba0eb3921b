import type { WorkloadKey } from "#domain/workload.ts";

/** What stands around a question in words. */
export interface Around {
  /** Workloads that the words name, written out. */
  readonly named: readonly WorkloadKey[];
  /** The incident in whose thread they stand. */
  readonly incident?: { readonly id: string; readonly key: WorkloadKey };
  /** The first words of commands: what looks something up, and what does more. */
  readonly looks: readonly string[];
  readonly others: readonly string[];
}

/** What would be typed for it after the app's command; or a word that is not done in words; or help; or nobody can tell. */
export type Read = { readonly ask: string } | { readonly other: string } | { readonly kind: "help" | "unclear" };

const mostCharacters = 1_000;

/** Reads a question by its verbs and names, always the same way; nothing is understood that does not stand here. */
export function readWords(said: string, around: Around): Read {
  const text = toPlain(said);
  const [first = ""] = text.split(" ");
  const word = first.toLowerCase();
  if (text === "" || word === "help") return { kind: "help" };
  if (around.others.includes(word)) return { other: word };
  const verb = verbOf(text.toLowerCase()) ?? (around.looks.includes(word) ? word : undefined);
  if (verb !== undefined) return { ask: askOf(verb, text, around) };
  return isAbout(text, around) ? { ask: askOf("why", text, around) } : { kind: "unclear" };
}

/** Words without a verb that are about a workload: its name alone, or "it" in the thread of its incident. */
function isAbout(text: string, { named, incident }: Around): boolean {
  const isName = aName.test(text) && !pleasantry.test(text);
  return named.length > 0 || isName || (incident !== undefined && aThis.test(text));
}

const pleasantry = /^(?:thanks|thx|ok|okay|hello|hi|hey|great|cool|nice|yes|no|sorry|test|ping)$/i;
const aThis = /\b(?:it|this|that|its)\b/i;

const aName = /^[a-z0-9][\w./-]*$/i;

/** Without mentions, and with Slack's links and entities as people see them. */
function toPlain(said: string): string {
  return said
    .slice(0, mostCharacters)
    .replace(/<[@#!][^<>]*>/g, " ")
    .replace(/<[^<>|]*\|([^<>|]*)>/g, "$1")
    .replace(/&(?:amp|lt|gt);/g, " ")
    .replace(/[`*_~"“”'’]+(?=\s|$)|(?<=\s|^)[`*_~"“”'’]+/g, "")
    .replace(/[?!.,;:]+(?=\s|$)/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** The first that is found decides. */
const verbs: readonly (readonly [RegExp, string])[] = [
  [/^(why|how come)\b/, "why"],
  [/\b(may|can|could) i (press|do|approve)\b|\bwho am i\b|^whoami\b/, "whoami"],
  [/\bwhat(?:'s|s)? (?:has |have )?(?:been )?happen(?:ed|ing)\b|\btimeline\b|\bhistory of\b/, "timeline"],
  [/\bchanged\b|\bchanges?\b|\bwhat(?:'s| is) new\b/, "changes"],
  // Before the plan: who approved a rollback asks for no rollback.
  [/\baudit\b|\bwho (?:did|approved|pressed|rolled back|capped|drained|stopped)\b/, "audit"],
  [
    /\bplan\b|\b(?:roll ?back|revert|undo|fix)\b|\bwhat (?:now|next)\b|\bwhat (?:should|can|could|do|must) (?:we|i) do\b|\bwhat can be done\b/,
    "plan",
  ],
  [/\bincidents?\b|\bwhat(?:'s| is) (?:open|wrong|broken|going on)\b/, "incidents"],
  [/\bnodes?\b/, "nodes"],
  [/\bwhat(?:'s| is) (?:up|wrong) with\b/, "why"],
  [/\bwhy\b/, "why"],
];

function verbOf(text: string): string | undefined {
  return verbs.find(([pattern]) => pattern.test(text))?.[1];
}

function askOf(verb: string, text: string, around: Around): string {
  const build = asks[verb];
  return build === undefined ? verb : join(...build(text, around));
}

/** What is typed for a verb, as words some of which may be missing; the others stand alone. */
const asks: Readonly<Record<string, ((text: string, around: Around) => readonly (string | undefined)[]) | undefined>> = {
  // What changed of one workload is its timeline.
  changes: (text, { named: [only, ...others] }) =>
    only !== undefined && others.length === 0 ? ["timeline", only, sinceIn(text)] : ["changes", sinceIn(text)],
  incidents: (text) => ["incidents", /\b(settled|all)\b/i.exec(text)?.[1]?.toLowerCase()],
  plan: (text, { named, incident }) => ["plan", named.length === 1 ? named[0] : (incident?.id ?? nameIn(text, "plan"))],
  why: (text, around) => ["why", nameOf(text, "why", around)],
  audit: (text, around) => ["audit", nameOf(text, "audit", around)],
  timeline: (text, around) => ["timeline", nameOf(text, "timeline", around), sinceIn(text)],
};

function join(...words: readonly (string | undefined)[]): string {
  return words.filter((word) => word !== undefined && word !== "").join(" ");
}

/** A name that was written out; where "it" is asked about, what the thread is about; else the first word that may be a name. */
function nameOf(text: string, verb: string, { named, incident }: Around): string | undefined {
  if (named.length === 1) return named[0];
  return (aThis.test(text) ? incident?.key : undefined) ?? nameIn(text, verb) ?? incident?.key;
}

const fillers = new Set(
  "a about again all am an and approved are at back be been big by can capped come deployment did do does drained fix for from get grow growing grew had happened happening happen has have help high history how huge i in is it its just large last like many me more most much my new node nodes now of on our out over please pods pod replicas pressed revert roll rollback rolled running service should show since slow so still stopped tell than that the there these they this time timeline to today too undo up us was we were we what what's when who why will with workload wrong yesterday you".split(" "), // prettier-ignore
);

/** The first word that is neither the verb, nor one of those that stand around names, nor a time. */
function nameIn(text: string, verb: string): string | undefined {
  return text
    .replace(sincePattern, " ")
    .split(" ")
    .find((word) => !fillers.has(word.toLowerCase()) && word.toLowerCase() !== verb && aName.test(word));
}

const sincePattern =
  /\b(?:since|in the last|(?:the )?last|past) (.+)$|\b(\d{1,4} ?(?:m|min|h|d|hours?|days?|minutes?))(?: ago)?$/i;

function sinceIn(text: string): string | undefined {
  const [, long, short] = sincePattern.exec(text) ?? [];
  return long ?? short;
}
