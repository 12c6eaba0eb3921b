import { RECOVERED_AFTER_MS } from "#analysis/assess.ts";
import { checksOf } from "#analysis/checks.ts";
import { duration, listed } from "#analysis/words.ts";
import { wasDone } from "#domain/plan.ts";
import type { Draft, PlanFacts } from "./facts.ts";

const SUMMARY =
  "Is it well again? All replicas ready on the intended revision, and the work of a request near its usual, for 5 minutes.";

/** Nobody presses this: it says what is looked at, what is not well yet, and how long it has held. */
export function verifyDraft(facts: PlanFacts): Draft {
  const { status, now, holdingSince, plan } = facts;
  if (status === "recovered" || status === "settled")
    return { state: "done", summary: SUMMARY, outcome: `It is well again${looked(facts)}.` };
  const acted = plan.some((step) => step.kind !== "verify" && wasDone(step));
  if (status === "open" && !acted)
    return { state: "waiting", summary: SUMMARY, waitingFor: "a step that helps, or the end of the climb" };
  const bad = checksOf(facts).filter(({ ok }) => ok === false);
  if (bad.length > 0) return { state: "running", summary: `Not yet: ${listed(bad.map(({ text }) => text))}.` };
  if (holdingSince === undefined) return { state: "running", summary: SUMMARY };
  const left = Math.max(0, holdingSince + RECOVERED_AFTER_MS - now.at);
  return { state: "running", summary: `It looks well${looked(facts)}; it has to hold for ${duration(left)} more.` };
}

/** Which signals this workload has. */
function looked(facts: PlanFacts): string {
  const known = checksOf(facts).filter(({ ok }) => ok !== undefined);
  return known.length === 0
    ? ""
    : ` (looked at: ${listed(
        known.map(({ what }) => what),
        6,
      )})`;
}
