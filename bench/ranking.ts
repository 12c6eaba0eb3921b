import type { Landing } from "#domain/change.ts";
import { createHistory } from "#analysis/history.ts";
import { percentile } from "./percentile.ts";

const candidates = 10_000;
const filesEach = 10;
const rounds = 7;
const minute = 60_000;

/** Ranks 10,000 landings with 100,000 files, beside sorting them by time, which is what "the last change" costs. */
export async function benchRanking(): Promise<string> {
  const history = createHistory();
  const landings = Array.from({ length: candidates }, (_value, index) => landing(index));
  for (const one of landings) history.add(one);
  const at = candidates * minute + minute;
  const question = { id: "bench", at, windowMs: at + 1, service: "services/s7/", symptom: "timeouts in part 7 of the handler" };
  // The first answer learns the past of all; in the service that is done as changes come.
  const first = timeOf(() => history.rankAt(question, { told: 10 }));
  const times = Array.from({ length: rounds }, () => timeOf(() => history.rankAt(question, { told: 10 })));
  const sorting = Array.from({ length: rounds }, () => timeOf(() => landings.toSorted((a, b) => b.at - a.at)));
  return [
    `| ranking ${candidates.toLocaleString("en-US")} landings with ${(candidates * filesEach).toLocaleString("en-US")} files | ms passed | ms of CPU |`,
    "|---|---|---|",
    row(`evidence, weights, chances and ten suspects told (median of ${rounds})`, times),
    row("the same for the first time, with learning the past of all", [first]),
    row("sorting them by time", sorting),
  ].join("\n");
}

/** Milliseconds: passed, and those of all threads together, the garbage collector's too. */
interface Took {
  readonly passed: number;
  readonly cpu: number;
}

function row(what: string, took: readonly Took[]): string {
  const median = (of: (one: Took) => number) => percentile(took.map(of), 0.5).toFixed(1);
  return `| ${what} | ${median(({ passed }) => passed)} | ${median(({ cpu }) => cpu)} |`;
}

function timeOf(run: () => unknown): Took {
  const from = process.cpuUsage();
  const began = performance.now();
  run();
  const { user, system } = process.cpuUsage(from);
  return { passed: performance.now() - began, cpu: (user + system) / 1_000 };
}

function landing(index: number): Landing {
  const sha = ((index * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, "0").repeat(5);
  const service = index % 40;
  const files = Array.from({ length: filesEach }, (_value, file) => ({
    path: `services/s${service}/src/part${(index * 7 + file) % 60}/file${file}.${file === 9 ? "test.ts" : "ts"}`,
    additions: (index * 13 + file) % 50,
    deletions: (index * 5 + file) % 20,
  }));
  return {
    kind: "landing",
    id: `bench/one@${sha}`,
    at: (index + 1) * minute,
    repository: "bench/one",
    branch: "main",
    sha,
    author: { name: `author ${index % 90}` },
    message: `feat(s${service}): change part ${index % 60} of the handler (#${index})\n\nSome words about it.`,
    files,
    filesTotal: filesEach,
    url: `https://github.com/bench/one/commit/${sha}`,
  };
}
