import { acts, forecasts, timeline } from "./acts.ts";
import { cause } from "./cause.ts";
import type { ReportFacts } from "./facts.ts";
import { followUps } from "./follow-ups.ts";
import { impact } from "./impact.ts";
import { lessonsOf } from "./lessons/all.ts";
import { summary, titleOf } from "./summary.ts";
import { times } from "./times.ts";
import { code, moment, section } from "./markdown.ts";

/** The post-incident report, as Markdown. The same facts give the same text. */
export function reportOf(facts: ReportFacts): string {
  const { incident } = facts;
  const learnt = lessonsOf(incident);
  const lines = [
    `# ${titleOf(facts)}`,
    "",
    `${code(incident.id)} in cluster ${code(incident.workload.cluster)}. ${madeText(facts)} All times are UTC.`,
    "",
    ...section("Summary", [summary(facts).join(" ")]),
    ...section("Impact", impact(facts)),
    ...section("Times", times(facts)),
    ...section("Cause", cause(facts)),
    ...section("What people did", acts(facts)),
    ...section("Foretold and seen", forecasts(facts)),
    ...section(
      "What would have caught it earlier",
      learnt.map(({ says, because }) => `- **${says}** ${because}`),
    ),
    ...section(
      "Follow-ups",
      followUps(facts, learnt).map((todo) => `- [ ] ${todo}`),
    ),
    ...section("Timeline", timeline(facts)),
    "Made by k8s-why from what it saw and recorded. What nobody told it is not in here.",
  ];
  return `${lines
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trimEnd()}\n`;
}

/** What is only printed has no number. */
function madeText({ number, at }: ReportFacts): string {
  return number === 0 ? `Made ${moment(at)}.` : `Version ${number} of this report, made ${moment(at)}.`;
}
