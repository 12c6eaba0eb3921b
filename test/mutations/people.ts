import { type Mutation, never } from "./mutation.ts";
import { kindsOfPeople } from "./kinds-of-people.ts";

const policy = "src/analysis/policy.ts";
const decide = "src/workflow/decide.ts";
const permission = "src/workflow/permission.ts";
const policyTest = "test/analysis/policy.test.ts";
const approvalsTest = "test/workflow/approvals.test.ts";
const pressTest = "test/workflow/press.test.ts";

/** Who may act, and on what. */
export const people: readonly Mutation[] = [
  {
    guarantee: "Nobody acts whom no rule allows",
    ...never(policy, "!rule"),
    test: { file: policyTest, name: "allows nobody anything without a rule" },
  },
  {
    guarantee: "A protected namespace is opened by no rule",
    ...never(policy, "isProtected(policy, namespace)"),
    test: { file: policyTest, name: "opens no protected namespace by any rule" },
  },
  {
    guarantee: "A press is refused while all acts are stopped",
    ...never(decide, "await verbs.findStop()"),
    test: { file: approvalsTest, name: "refuses every press until somebody says go" },
  },
  {
    guarantee: "Only what was shown, and not long ago, can be approved",
    ...never(decide, "!intent || digestOf(intent) !== request.intentHash || intent.kind !== found.step.kind"),
    test: { file: pressTest, name: "on something that was not shown, or too long ago, is refused" },
  },
  {
    guarantee: "What is approved is what has the digest that was shown, whatever stands in Redis",
    file: decide,
    check: "digestOf(intent) !== request.intentHash || ",
    test: { file: approvalsTest, name: "to what somebody put in the place of what was shown is refused" },
  },
  {
    guarantee: "A first yes counts only with our signature",
    file: permission,
    check: 'return isSigned(saidBy(incidentId, id, firstYes), firstYes.signature ?? "") ? firstYes : undefined;',
    without: "return firstYes;",
    test: { file: approvalsTest, name: "a first yes that somebody wrote into Redis is none" },
  },
  {
    guarantee: "What was chosen and not yet shown cannot be approved",
    file: "src/bot/listeners/submit-step.ts",
    check: "if (shown === undefined || notShown !== undefined)",
    without: "if (shown === undefined)",
    test: { file: "test/bot/press.test.ts", name: "with another choice than the one that is shown approves nothing" },
  },
  {
    guarantee: "Two people are two different people",
    ...never(permission, "first.by === user"),
    test: { file: approvalsTest, name: "are two: the same person twice is refused" },
  },
  {
    guarantee: "The second is not the suspect's author",
    file: permission,
    check: "if (email === undefined || (await people.byEmail(email)) !== user) return undefined;",
    without: "return undefined;",
    test: { file: approvalsTest, name: "the second has not written the suspect; the first may have" },
  },
  {
    guarantee: "A first yes is void after 15 minutes",
    file: permission,
    check: "if (!firstYes || now() - firstYes.at > FIRST_YES_MS) return undefined;",
    without: "if (!firstYes) return undefined;",
    test: { file: approvalsTest, name: "have fifteen minutes" },
  },
  {
    guarantee: "A first yes is void once what it relied on has moved",
    file: decide,
    check: "if (!first || !isSameIntent(first.intent, yes.intent)) return",
    without: "if (!first) return",
    test: { file: approvalsTest, name: "say yes to the same: a template that moved makes the first yes void" },
  },
  {
    guarantee: "The glass is broken only by those whom the configuration names",
    file: decide,
    check: "if (!mayBreakGlass(options.policy, await options.people.person(user)))",
    without: "if (false)",
    test: { file: approvalsTest, name: "takes a reason, a name in the configuration, and a member" },
  },
  {
    guarantee: "The glass opens no protected namespace",
    ...never(decide, "isProtected(options.policy, found.incident.workload.namespace)"),
    test: { file: approvalsTest, name: "opens no protected namespace, and no stop" },
  },
  {
    guarantee: "One step at a time for a workload, also where two are pressed in the same moment",
    file: decide,
    check: "if (!(await verbs.claim(name, owner, claimMs)) && (await verbs.claimOwner(name)) !== owner)",
    without: "if (false)",
    test: { file: pressTest, name: "on two steps of a workload at once is one act, and the other has to wait" },
  },
  {
    guarantee: "One step at a time for a workload",
    ...never("src/workflow/find-step.ts", "other"),
    test: { file: pressTest, name: "on two steps of a workload at once is one act, and the other has to wait" },
  },
  {
    guarantee: "Of a settled incident nothing is pressed but an undo",
    ...never("src/workflow/find-step.ts", 'incident.status === "settled" && step.aside !== "undo"'),
    test: { file: "test/workflow/undo-settled.test.ts", name: "nothing else can be pressed" },
  },
  {
    guarantee: "The answer to a yes whose press broke off is not lost",
    file: "src/workflow/steps.ts",
    check: ' && !(state === "running" && answered > before)',
    test: { file: pressTest, name: "that broke off and is given again is answered by what was handed over the first time" },
  },
  {
    guarantee: "An answer that is told twice is not taken for the next act's",
    file: "src/workflow/steps.ts",
    check: " && answered > before",
    test: { file: pressTest, name: "an answer that is told twice is not taken for the next act's" },
  },
  ...kindsOfPeople,
];
