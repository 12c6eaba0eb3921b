import { type Mutation, never } from "./mutation.ts";

const workload = "src/actions/workload-act.ts";
const ceiling = "src/actions/ceiling.ts";
const file = "test/actions/faults.test.ts";

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
    guarantee: "What Argo CD or Flux would put back is refused",
    ...never("src/actions/owner-sync.ts", 'judgement?.kind === "refuse"'),
    test: { file: "test/actions/owner-sync.test.ts", name: "refuses where Argo CD heals, with the command and the repository" },
  },
];
