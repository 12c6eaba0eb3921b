import { kindsSetByHand } from "./kinds-set-by-hand.ts";
import { kindsIn, readRecordings, replay } from "./recordings.ts";

/** Prints what each kind of evidence is worth on recorded stories: told with nothing left out, and with each kind left out. */
export function printReplays(folder: string): void {
  const recorded = readRecordings(folder);
  const whole = recorded.map((one) => replay(one));
  console.log("| left out | speaks in | right | mean log loss | no longer right |\n|---|---|---|---|---|");
  console.log(row("nothing", recorded.length, whole, []));
  const speakIn = kindsIn(recorded);
  for (const kind of [...new Set([...speakIn.keys(), ...kindsSetByHand])].toSorted()) {
    const outcomes = recorded.map((one) => replay(one, kind));
    const lost = outcomes.filter(({ right }, index) => !right && whole[index]?.right === true).map(({ name }) => name);
    console.log(row(`\`${kind}\``, speakIn.get(kind) ?? 0, outcomes, lost));
  }
}

function row(what: string, speaks: number, outcomes: ReturnType<typeof replay>[], lost: readonly string[]): string {
  const right = outcomes.filter((outcome) => outcome.right).length;
  const loss = outcomes.reduce((sum, outcome) => sum + outcome.loss, 0) / Math.max(1, outcomes.length);
  const stories = Map.groupBy(lost, (name) => name.replace(/-\d+$/, ""));
  const told = [...stories].map(([story, names]) => `${story} (${names.length})`).join(", ");
  return `| ${what} | ${speaks} | ${right} of ${outcomes.length} | ${loss.toFixed(3)} | ${told || "-"} |`;
}
