import { leadOf, troublesOf } from "#domain/incident.ts";
import { stepName, wasDone } from "#domain/plan.ts";
import type { Trouble } from "#domain/spike.ts";
import { standingOn } from "#domain/verdict.ts";
import { suspectTitle } from "#analysis/suspect-title.ts";
import { count, duration, listed } from "#analysis/words.ts";
import { type ReportFacts, actsOf, beganAt, personOf, subjectOf, suspectsOf } from "./facts.ts";
import { text } from "./markdown.ts";
import { percent } from "./words.ts";

const titles: Readonly<Record<Trouble, string>> = {
  runaway: "replicas ran away",
  "above-ceiling": "demand above the ceiling",
  "rollout-failing": "a rollout that did not become ready",
  "autoscaler-ill": "an autoscaler that could not work",
  cluster: "trouble in the cluster",
};

/** What kind of incident it was, in a few words. */
export function titleOf({ incident }: ReportFacts): string {
  return `Incident report: ${subjectOf(incident)}, ${titles[leadOf(incident)]}`;
}

/** What happened, why, and how it ended: a sentence each. */
export function summary(facts: ReportFacts): readonly string[] {
  return [whatHappened(facts), why(facts), whatWasDone(facts), ending(facts)];
}

function whatHappened({ incident }: ReportFacts): string {
  const { usual, peak, spike, also = [], openedAt } = incident;
  const began = beganAt(incident);
  const noticed = `It was noticed ${duration(openedAt - began)} after it began.`;
  if (leadOf(incident) !== "runaway") {
    const reasons = [spike, ...also].map(({ reason }) => text(reason, 300));
    return `It was about ${subjectOf(incident)}: ${reasons.join(" And: ")} ${noticed}`;
  }
  const nodes =
    usual.nodes === undefined
      ? `${count(peak.nodes, "node")} at most`
      : `from ${count(usual.nodes)} to ${count(peak.nodes, "node")}`;
  const others =
    troublesOf(incident).length > 1 ? ` More was wrong with it: ${text(also.map(({ reason }) => reason).join(" "), 300)}` : "";
  return `${subjectOf(incident)} grew from its usual ${count(usual.replicas)} to ${count(peak.replicas, "replica")}, and the cluster ${nodes}. ${noticed}${others}`;
}

function why(facts: ReportFacts): string {
  const { incident } = facts;
  const [first] = suspectsOf(incident);
  if (!first) return "No change was named as the cause.";
  const stands = standingOn(first.id, incident.said);
  const said = stands ? ` ${personOf(facts, stands.by)} said afterwards that it was${stands.right ? "" : " not"}.` : "";
  return `The first suspect, with ${percent(first.probability)}, is ${text(suspectTitle(first.subject, 150), 200)}.${said}`;
}

function whatWasDone({ incident }: ReportFacts): string {
  const done = actsOf(incident).filter(wasDone);
  if (done.length === 0) return "Nobody did anything about it through k8s-why.";
  return `People did: ${listed(
    done.map(({ kind }) => stepName[kind]),
    10,
  )}.`;
}

function ending({ incident }: ReportFacts): string {
  const { status, settledAt, openedAt } = incident;
  if (settledAt === undefined) return `It is not over: its state is "${status}".`;
  return `It settled ${duration(settledAt - openedAt)} after the first message.`;
}
