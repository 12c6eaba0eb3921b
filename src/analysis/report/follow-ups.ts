import type { Incident } from "#domain/incident.ts";
import { stepName } from "#domain/plan.ts";
import { standingOn } from "#domain/verdict.ts";
import { suspectTitle } from "#analysis/suspect-title.ts";
import { count, listed } from "#analysis/words.ts";
import { type ReportFacts, actsOf, personOf, standing, subjectOf, suspectsOf } from "./facts.ts";
import { code, text } from "./markdown.ts";
import type { Lesson } from "./lessons/lesson.ts";

/** What is left to do: what acts have left behind, what nobody has said, then what would catch it earlier. Each once. */
export function followUps(facts: ReportFacts, lessons: readonly Lesson[]): readonly string[] {
  const { incident } = facts;
  return [
    ...new Set([
      ...rolledBack(incident),
      ...heldBack(incident),
      ...oddActs(facts),
      ...unsaid(incident),
      ...lessons.map(({ todo }) => todo),
    ]),
  ];
}

/** What went back comes again with the next rollout. */
function rolledBack(incident: Incident): readonly string[] {
  const [first] = suspectsOf(incident);
  const rollback = standing(incident, "rollback", []);
  const migrated = standing(incident, "migrate", [])?.did;
  const files = migrated?.kind === "migrate" ? migrated.files : [];
  const again =
    first?.subject.kind === "landing"
      ? `Revert or mend ${text(suspectTitle(first.subject, 80), 120)}: it is still on its branch, and the next rollout brings it back.`
      : "Mend what was rolled out before it is rolled out again.";
  return [
    ...(rollback ? [again] : []),
    ...(files.length === 0 ? [] : [`Bring ${listed(files.map((path) => code(path)))} back together with code that is mended.`]),
  ];
}

/** What an act holds until somebody lets it go. */
function heldBack(incident: Incident): readonly string[] {
  const cap = standing(incident, "cap", ["lower", "restore"]);
  const nodes = standing(incident, "cordon", ["uncordon", "drain"]);
  return [
    ...(cap
      ? [
          `The ceiling of ${subjectOf(incident)} is still capped${ceilingText(incident)}: lower it for good, or give the old one back.`,
        ]
      : []),
    ...(standing(incident, "pause", ["resume"]) ? [`The rollout of ${subjectOf(incident)} is still held: let it go on.`] : []),
    ...(nodes ? ["Nodes are still cordoned: uncordon them, or give them back."] : []),
  ];
}

function ceilingText({ now: { ceiling } }: Incident): string {
  return ceiling === undefined ? "" : ` at ${count(ceiling)}`;
}

/** What failed, what did not help, and what was done against the rules. */
function oddActs(facts: ReportFacts): readonly string[] {
  return actsOf(facts.incident).flatMap(({ kind, state, helped, at, by, breakGlass }) => [
    ...(state === "failed" ? [`Look why "${stepName[kind]}" did not work.`] : []),
    ...(helped && !helped.ok && helped.at >= at ? [`Look why "${stepName[kind]}" did not help.`] : []),
    ...(breakGlass === undefined
      ? []
      : [
          `Look at the rules: ${by === undefined ? "somebody" : personOf(facts, by)} had to break the glass for "${stepName[kind]}".`,
        ]),
  ]);
}

function unsaid(incident: Incident): readonly string[] {
  const [first] = suspectsOf(incident);
  const isAsked = incident.status === "recovered" || incident.status === "settled";
  if (!first || !isAsked || standingOn(first.id, incident.said)) return [];
  return ["Say under the incident's message whether the first suspect was it: later guesses learn from it."];
}
