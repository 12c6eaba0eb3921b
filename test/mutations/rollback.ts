import { type Mutation, never } from "./mutation.ts";

const rollback = "src/actions/rollback.ts";
const diff = "test/actions/template-diff.test.ts";
const deployments = "test/actions/rollback.test.ts";
const seen = "test/analysis/rollout-seen.test.ts";

/** What a rollback looks at before it writes, and what its diff must not show. */
export const rollbacks: readonly Mutation[] = [
  {
    guarantee: "A rollback is bound to the object that was shown",
    ...never(rollback, "history.workload.metadata.uid !== intent.uid"),
    test: { file: deployments, name: "is stale when somebody rolled out since it was shown, or made it anew" },
  },
  {
    guarantee: "A rollback is bound to the template that was shown",
    file: rollback,
    check: "if (current.templateHash === intent.fromTemplateHash) return undefined;",
    without: "if (current.templateHash !== undefined) return undefined;",
    test: { file: deployments, name: "is stale when somebody rolled out since it was shown, or made it anew" },
  },
  {
    guarantee: "A paused Deployment is not rolled back",
    ...never(rollback, '"paused" in workload.spec && workload.spec.paused === true'),
    test: { file: deployments, name: "refuses when it is paused, gone from the history, unknown, or already there" },
  },
  {
    guarantee: "No value of the environment is shown in a diff, wherever else it stands",
    file: "src/actions/mask.ts",
    check: "left.replaceAll(value, HIDDEN)",
    without: "left",
    test: { file: diff, name: "never shows a value of the environment of either side, wherever else it stands" },
  },
  {
    guarantee: "Nor where letters that cannot be seen stand between its own",
    file: "src/actions/mask.ts",
    check: "cut(scrub(hideSecrets(toLine(scrub(text)).slice(0, 600))))",
    without: "cut(hideSecrets(toLine(scrub(text)).slice(0, 600)))",
    test: { file: diff, name: "never shows a value of the environment of either side, wherever else it stands" },
  },
  {
    guarantee: "A rollout of somebody else is not told as ours",
    file: "src/analysis/rollout/seen.ts",
    check: "templateHash === did.toTemplateHash",
    without: "templateHash !== undefined",
    test: { file: seen, name: "is not told of a template that somebody rolled out since" },
  },
];
