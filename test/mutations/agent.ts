import { type Mutation, never } from "./mutation.ts";

const gate = "src/workflow/gate.ts";
const rules = "src/analysis/document.ts";
const nonces = "src/actions/nonces.ts";
const file = "test/actions/signed-steps.test.ts";

const planTest = "test/analysis/plan.test.ts";

/** What an agent checks by itself, whatever it was told. */
export const agent: readonly Mutation[] = [
  {
    guarantee: "An agent does only what the key that it trusts has signed",
    ...never(gate, "!verbs.verify(document, signature)"),
    test: { file, name: "is refused when anything in it was changed" },
  },
  {
    guarantee: "A step of another cluster is refused",
    ...never(rules, "cluster !== own || order.workload.cluster !== own"),
    test: { file, name: "is for one cluster, one workload, one step" },
  },
  {
    guarantee: "An approval of another incident, step or kind is refused",
    ...never("src/actions/steps.ts", "incidentId !== order.incidentId || stepId !== order.stepId || !isAbout(intent, order)"),
    test: { file, name: "is for one cluster, one workload, one step" },
  },
  {
    guarantee: "The agent's own policy must allow it too",
    ...never(rules, "denied"),
    test: { file, name: "needs the agent's own policy to say yes, whatever serve was told" },
  },
  {
    guarantee: "Where the agent's policy asks for two people, one is not enough",
    file: rules,
    check: "return people >= needed",
    without: "return needed > 0",
    test: { file, name: "needs the agent's own policy to say yes, whatever serve was told" },
  },
  {
    guarantee: "The agent touches nothing in a protected namespace",
    ...never(rules, "isProtected(policy, namespace)"),
    test: { file, name: "touches no protected namespace, and nothing while all acts are stopped" },
  },
  {
    guarantee: "The agent begins nothing while all acts are stopped",
    ...never(gate, "await options.verbs.findStop()"),
    test: { file, name: "touches no protected namespace, and nothing while all acts are stopped" },
  },
  {
    guarantee: "An agent that may not go on with what it has begun says so, and ends it",
    file: gate,
    check: 'if (begun !== "again") return',
    without: "return",
    test: {
      file,
      name: "that was begun before all acts were stopped says so, can be taken back, and holds the workload up no longer",
    },
  },
  {
    guarantee: "What is not signed is not looked up in the cluster",
    file: gate,
    check: 'return untouched("It is not signed by the key that this agent trusts. Nothing was changed. Press again.");',
    without: "await verbs.endStep(document.nonce);",
    test: { file, name: "that is not signed, or for another cluster, is not looked up in this one" },
  },
  {
    guarantee: "The glass is broken only by whom the agent's policy names",
    file: rules,
    check: 'return one?.kind === "member" && breakGlass.includes(one.id)',
    without: "return breakGlass",
    test: { file, name: "against the rules is only for whom the agent's policy names" },
  },
  {
    guarantee: "An approval is good for 15 minutes",
    ...never(nonces, "onlyAgain"),
    test: { file, name: "has fifteen minutes, and clocks may differ by ten" },
  },
  {
    guarantee: "Who signs cannot make an approval good for longer than 15 minutes",
    ...never(rules, "expiresAt > approval.at + APPROVAL_MS"),
    test: { file, name: "is not believed to be good for longer" },
  },
  {
    guarantee: "An approval of the future is refused",
    ...never(rules, "approval.at > now + CLOCK_SKEW_MS"),
    test: { file, name: "has fifteen minutes, and clocks may differ by ten" },
  },
  {
    guarantee: "An approval is used once",
    file: nonces,
    check: 'if (known && (known.state === "ended" || known.digest !== digest)) return "used";',
    test: { file, name: "is used once" },
  },
  {
    guarantee: "What was begun is gone on with for an hour or so, and no longer",
    file: nonces,
    check: 'return known.until > now ? "again" : "over";',
    without: 'return "again";',
    test: { file, name: "that was begun and comes back after its time is ended, and says that it had begun" },
  },
  {
    guarantee: "What was begun is not forgotten while its job may come back",
    file: nonces,
    check: ' + (state === "begun" ? begunKeptMs : 0)',
    test: { file, name: "that was begun is not forgotten by what begins a day later" },
  },
  {
    guarantee: "Where Kubernetes knows the person, it must allow the act to them too",
    file: gate,
    check: " ?? (await whyPeopleMayNot(options, document))",
    test: { file, name: "needs Kubernetes to allow it to the person, where it knows them" },
  },
  {
    guarantee: "An agent that cannot remember does nothing",
    file: gate,
    check: "return await verbs.beginStep(...asked);",
    without: 'return await verbs.beginStep(...asked).catch(() => "begun" as const);',
    test: { file, name: "is not carried out where nothing can be remembered" },
  },
  {
    guarantee: "The agent works on one step of a workload at a time",
    file: nonces,
    check: 'return other ? "busy" : "begun";',
    without: 'return "begun";',
    test: { file, name: "waits for nobody: of two for one workload at once, one is refused" },
  },
  {
    guarantee: "No button is shown for what the agent may not do",
    file: "src/analysis/plan.ts",
    check: 'if (draft.state !== "ready" || rights === undefined) return draft;',
    without: "return draft;",
    test: { file: planTest, name: "has no button, and says how the right is given" },
  },
];
