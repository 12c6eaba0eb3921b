import { type Mutation, never } from "./mutation.ts";

const workload = "src/actions/workload-act.ts";
const ceiling = "src/actions/ceiling.ts";
const file = "test/actions/faults.test.ts";
const migrate = "test/actions/migrate.test.ts";
const run = "src/actions/migration-run.ts";

/** What an act checks of the object that it changes. */
export const hands: readonly Mutation[] = [
  {
    guarantee: "A ceiling that somebody changed since it was shown is left alone",
    file: ceiling,
    check: '{ op: "test", path: "/spec/maxReplicas", value: hpa.spec.maxReplicas },',
    test: { file, name: "is stale when somebody edits it between the last look and the write" },
  },
  {
    guarantee: "A workload of the same name that was made anew is left alone",
    ...never(workload, "workload.metadata.uid !== intent.uid"),
    test: { file, name: "is stale when another object has its name" },
  },
  {
    guarantee: "A write whose answer was lost is found, and not repeated",
    ...never(workload, "isOwnWork(order, workload.metadata, intent) && idea.isDone(workload, intent)"),
    test: { file, name: "finds its own work where the answer was lost, and does not repeat it" },
  },
  {
    guarantee: "No note that somebody else leaves on the object is written over",
    file: "src/actions/traces.ts",
    check: '{ op: "test", path: "/metadata/annotations", value: null },',
    test: { file, name: "writes over no note that somebody leaves meanwhile" },
  },
  {
    guarantee: "What puts a change back at once is noticed",
    ...never(workload, "!isDone(now, intent)"),
    test: { file, name: "notices that something puts it back at once, and says so" },
  },
  {
    guarantee: "While it is busy, no count goes below what serves",
    file: "src/actions/scale.ts",
    check: "return isBusy === true ? (status?.readyReplicas ?? 0) : 0;",
    without: "return isBusy === true && status === undefined ? 1 : 0;",
    test: { file: "test/actions/scale.test.ts", name: "stops nothing that serves while it is busy" },
  },
  {
    guarantee: "While it is busy, no ceiling goes below what serves",
    file: ceiling,
    check: "const serving = isBusy === true ? (status?.readyReplicas ?? 0) : 0;",
    without: "const serving = isBusy === true && status === undefined ? 1 : 0;",
    test: { file: "test/actions/lower.test.ts", name: "goes below what serves only where it is not busy" },
  },
  {
    guarantee: "A cap that comes too late has capped nothing",
    file: "src/actions/cap.ts",
    check: "return intent ? stale(atCeiling(found)) : alreadyDone(atCeiling(found));",
    without: "return alreadyDone(atCeiling(found));",
    test: {
      file: "test/actions/cap.test.ts",
      name: "that comes when the count is at the ceiling has capped nothing, and leaves nothing to take back",
    },
  },
  {
    guarantee: "No ceiling is suggested above the one that stood before",
    file: "src/analysis/steps/ceiling.ts",
    check: "Math.min(sane, original)",
    without: "sane",
    test: { file: "test/analysis/plan.test.ts", name: "goes no higher than it was before the cap" },
  },
  {
    guarantee: "A step of ours is not told as somebody's edit",
    file: "src/analysis/helped.ts",
    check: " || isSuperseded(step, facts.plan)",
    test: {
      file: "test/workflow/advance.test.ts",
      name: "takes what a later step of ours set for nobody's edit, and calls nobody",
    },
  },
  {
    guarantee: "What was done beside the plan is judged, also where it may be pressed again",
    file: "src/analysis/plan.ts",
    check: "known?.aside !== undefined && wasDone(known) && resultOf(known)",
    without: "false",
    test: {
      file: "test/workflow/advance.test.ts",
      name: "keeps, tells once and judges what was done beside the plan, also where it may be pressed again",
    },
  },
  {
    guarantee: "What Argo CD or Flux would put back is refused",
    ...never("src/actions/owner-sync.ts", 'judgement?.kind === "refuse"'),
    test: { file: "test/actions/owner-sync.test.ts", name: "refuses where Argo CD heals, with the command and the repository" },
  },
  {
    guarantee: "Two people say yes to one and the same down-migration",
    file: "src/actions/migration-job.ts",
    check: "digestOf({ metadata: { labels, annotations }, spec: whole })",
    without: "digestOf({ metadata: { name, labels, annotations }, spec: whole })",
    test: { file: migrate, name: "means the same to the first and to the second person, who look at two moments" },
  },
  {
    guarantee: "No second down-migration is made while one runs",
    ...never(run, "earlier.running && earlier.running.metadata.name !== job.metadata.name"),
    test: { file: migrate, name: "one of another incident that runs is named, before the press and after it" },
  },
  {
    guarantee: "A Job of somebody else's under the name of ours is not taken for a down-migration",
    ...never(run, "!isPlanned(job, incidentId, planned.digest)"),
    test: { file: migrate, name: "one that somebody else made under its name is not taken for ours" },
  },
  {
    guarantee: "A down-migration that ended is still there after a crash",
    file: "src/actions/migration-job.ts",
    check: "Math.max(keptSeconds, spec.ttlSecondsAfterFinished ?? 0)",
    without: "spec.ttlSecondsAfterFinished ?? keptSeconds",
    test: { file: migrate, name: "one that ended stays for a day, so that a look after a crash finds it" },
  },
  {
    guarantee: "Nothing in a migration's path is expanded to what a container has",
    file: "src/actions/migration-job.ts",
    check: '.replaceAll("$", "$$$$")',
    test: { file: migrate, name: "is told paths as they are: nothing in them is taken for a reference" },
  },
  {
    guarantee: "No Job runs a down-migration of which it knows only a part",
    file: "src/actions/migration-job.ts",
    check: "if (!isLong && migrationsCut !== true)",
    without: "if (!isLong)",
    test: { file: migrate, name: "runs no Job that is told only some of the files; by hand it says that there are more" },
  },
  {
    guarantee: "The configuration's template of a down-migration goes before the one that a workload names",
    file: "src/actions/migrate.ts",
    check: "downMigrations.get(`${namespace}/${name}`) ?? annotations?.[templateAnnotation]",
    without: "annotations?.[templateAnnotation] ?? downMigrations.get(`${namespace}/${name}`)",
    test: { file: migrate, name: "takes the template that the configuration names, before the one that the workload names" },
  },
  {
    guarantee: "Who may not create Jobs in Kubernetes approves no down-migration",
    file: "src/actions/rights.ts",
    check: "of personNeeds[kind](workload)",
    without: "of needs[kind](workload)",
    test: { file: "test/actions/identities.test.ts", name: "is asked of the API server, act by act" },
  },
];
