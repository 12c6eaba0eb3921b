import type { Diagnosis } from "#domain/diagnosis.ts";
import { count, listed } from "#analysis/words.ts";
import { type Draft, type PlanFacts, heldStep } from "./facts.ts";

export function rollbackDraft(facts: PlanFacts): Draft {
  const { now, diagnosis } = facts;
  if (!diagnosis) return { state: "waiting", summary: "Go back to what ran before.", waitingFor: "the search for what changed" };
  const { goodRevision: good, rollbackSafety: safety } = diagnosis;
  const why = whyNoRollback(facts, diagnosis);
  if (why !== undefined || !good) return { state: "needless", summary: why ?? NO_REVISION };
  const from = now.revision === undefined ? "To" : `From revision ${now.revision} to`;
  const summary = `${from} revision ${good.revision}, the last that ran well`;
  if (safety.verdict === "fix-forward")
    return {
      state: "waiting",
      summary: `${summary}: but not on the schema of now.`,
      waitingFor: "a fix forward: a rollback moves the code only, and the schema cannot follow",
    };
  if (needsMigration(facts) && heldStep(facts, "migrate")?.state !== "done")
    return {
      state: "waiting",
      summary: `${summary}.${safetyText(safety)}`,
      waitingFor: "the down-migration: the old code does not run on the schema of now",
    };
  return { state: "ready", summary: `${summary}.${safetyText(safety)}` };
}

/** The schema goes back before the code does. */
export function migrateDraft(facts: PlanFacts): Draft {
  const { diagnosis, now } = facts;
  if (!diagnosis || !needsMigration(facts)) return { state: "needless", summary: "No migration has to be taken back." };
  const why = whyNoRollback(facts, diagnosis);
  if (why !== undefined) return { state: "needless", summary: why };
  const { migrations } = diagnosis.rollbackSafety;
  const files = listed(
    migrations.map((path) => path.slice(path.lastIndexOf("/") + 1)),
    2,
  );
  return {
    state: now.templateHash === diagnosis.goodRevision?.templateHash ? "needless" : "ready",
    summary: `Take ${count(migrations.length, "migration")} back before the code goes back: ${files}.`,
  };
}

function needsMigration({ diagnosis }: PlanFacts): boolean {
  return diagnosis?.rollbackSafety.verdict === "needs-down-migration";
}

const NO_REVISION = "No earlier revision is known: there is nothing to go back to.";

/** Why going back is not offered, or undefined. Of a rollout that fails itself nobody has to guess. */
function whyNoRollback({ status, now, spike }: PlanFacts, { named, goodRevision: good }: Diagnosis): string | undefined {
  if (!named && spike?.trouble !== "rollout-failing") return "No change is named: going back would be a guess.";
  if (!good) return NO_REVISION;
  if (now.templateHash === good.templateHash) return `Revision ${good.revision} runs again already.`;
  return status === "settled" ? "It is as usual again." : undefined;
}

function safetyText(safety: NonNullable<PlanFacts["diagnosis"]>["rollbackSafety"]): string {
  if (safety.verdict === "safe") return "";
  if (safety.verdict === "unknown") return ` ${safety.reason}`;
  return ` ${count(safety.migrations.length, "migration file")} in the range: the schema goes back too.`;
}
