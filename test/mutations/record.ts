import { type Mutation, never } from "./mutation.ts";

const store = "src/store/audit.ts";
const chain = "src/lib/chain.ts";
const head = "src/audit-head.ts";
const storeTest = "test/store/audit.test.ts";
const verifyTest = "test/cli/audit.test.ts";
const headTest = "test/audit-head.test.ts";
const recordTest = "test/workflow/audit.test.ts";

/** What is on record, and that it stays there. */
export const record: readonly Mutation[] = [
  {
    guarantee: "Two writers cannot fork the chain",
    file: store,
    check: "if issued ~= ARGV[1] then return 0 end",
    test: { file: storeTest, name: "has no fork and no gap where 20 write at once, each over a connection of its own" },
  },
  {
    guarantee: "What a job tells twice is one record",
    file: store,
    check: "if (await isRepeat(entry)) return;",
    test: { file: storeTest, name: "by a job that runs twice is one record, also where both run at once" },
  },
  {
    guarantee: "A record that somebody slipped in keeps no other out",
    file: store,
    check: "return digestOf({ ...told, at: 0 }) === digestOf({ ...entry, at: 0 });",
    without: "return told.key === entry.key;",
    test: { file: storeTest, name: "differs from what claims the same key: a record that somebody slipped in keeps none out" },
  },
  {
    guarantee: "Foreign text on record has a limit",
    file: store,
    check: "const entry = limited(told);",
    without: "const entry = told;",
    test: { file: storeTest, name: "is kept up to a limit, in characters that every reader of JSON knows" },
  },
  {
    guarantee: "A changed record is found",
    ...never(chain, "digestOf(open) !== hash"),
    test: { file: verifyTest, name: "finds a changed text" },
  },
  {
    guarantee: "A replaced record is found",
    file: chain,
    check: 'return link.previous === (before?.hash ?? "")',
    without: "return link.seq > 0",
    test: { file: verifyTest, name: "finds a changed record with a hash of its own" },
  },
  {
    guarantee: "A removed record is found",
    ...never(chain, "link.seq > expected"),
    test: { file: verifyTest, name: "finds a removed record" },
  },
  {
    guarantee: "An end that was cut off is found by a head that was kept elsewhere",
    file: "src/audit-chain.ts",
    check: "return last === undefined || last.seq < seq;",
    without: "return seq < 0;",
    test: { file: verifyTest, name: "finds an end that was cut off, but only with a head that was written elsewhere" },
  },
  {
    guarantee: "A head that does not follow the one that is kept is not taken",
    file: head,
    check: "followFrom(store, kept) : followAll(store, kept)",
    without: "followFrom(store, kept) : followAll(store)",
    test: { file: headTest, name: "that went back is shouted about and not taken, also by one who has just begun" },
  },
  {
    guarantee: "Of two agents neither writes its head over the other's",
    file: head,
    check: "metadata: { resourceVersion }, ",
    test: { file: headTest, name: "is not written over one that another agent has just written" },
  },
  {
    guarantee: "A refused press is on record",
    file: "src/workflow/press.ts",
    check: "if (!viewer.allowed && !viewer.breakGlass) await recordRefusal(options, { ...request, text: viewer.text });",
    test: { file: recordTest, name: "by the button, of somebody whom Slack does not name" },
  },
  {
    guarantee: "A yes is on record before it is carried out",
    file: "src/workflow/decide.ts",
    check: "await verbs.audit({\n    ...entry,",
    without: "void verbs.audit({\n    ...entry,",
    test: { file: recordTest, name: "before the act is handed over: what cannot be written is not done" },
  },
  {
    guarantee: "What a look has changed is on record, although the process dies before it is written",
    file: "src/workflow/tick.ts",
    check: "return next && withNews(current, next, at);",
    without: "return next;",
    test: { file: recordTest, name: "once, although the process dies between the change and its record" },
  },
  {
    guarantee: "A result that could not be handed on is not forgotten, nor done again",
    file: "src/workflow/hand-on.ts",
    check: "kept.get(id) ?? ",
    test: {
      file: recordTest,
      name: "a result that could not be handed on: it is handed on later, and the act is not done again",
    },
  },
  {
    guarantee: "Of one process, a document that runs twice at once is carried out once",
    file: "src/workflow/hand-on.ts",
    check: "kept.set(id, making);",
    without: "void making.then(() => kept.set(id, making));",
    test: {
      file: "test/workflow/press.test.ts",
      name: "an act whose job runs twice at once, its lock lost, is done once, and both tell the same",
    },
  },
  {
    guarantee: "What was sent before an act broke off is on record",
    ...never("src/actions/steps.ts", "noted().calls"),
    test: {
      file: "test/actions/note-calls.test.ts",
      name: "what was sent before an act broke off is told by itself, also where no answer came",
    },
  },
];
