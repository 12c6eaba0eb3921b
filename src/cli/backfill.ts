import type { Command } from "commander";
import { createLog } from "#lib/log.ts";
import { createProgress } from "./progress.ts";
import { loadConfiguration } from "#app/config/load.ts";
import { parseSpan } from "./span.ts";

/** The ledger keeps as many. */
const longestDays = 30;

const about = `
What is filled in: rollouts from the cluster's own revision histories, each workload's normal from Prometheus (four weeks at most),
and landings from GitHub. It may be run again: what is known already stays as it is. "start" does the same by itself for what is missing
(a week of normal, the landings of the window). Settings are those of "start". Exit code 0: all sources were read; 1: one could not be.`;

/** `k8s-why backfill`: learns what was before k8s-why came. */
export function addBackfill(program: Command, environment: NodeJS.ProcessEnv, exit: (code: number) => void): void {
  program
    .command("backfill")
    .description("on the first day: learn what is normal, what was rolled out and what landed from what others remember")
    .option("--span <span>", "how far back: 72h, 2w, 30d; the ledger keeps 30 days", "30d")
    .addHelpText("after", about)
    .action(async ({ span }: { readonly span: string }) => exit(await backfill(span, environment)));
}

async function backfill(span: string, environment: NodeJS.ProcessEnv): Promise<number> {
  const spanMs = parseSpan(span, longestDays);
  const configuration = await loadConfiguration(environment);
  // What fails is told in a sentence; the log would only repeat it.
  const log = createLog(configuration.environment.LOG_LEVEL === "debug" ? "debug" : "error");
  const progress = createProgress();
  const { runBackfill } = await import("#app/backfill.ts");
  let step = "the cluster";
  progress.show(() => `Reading ${step}...`);
  const complete = await runBackfill(configuration, {
    spanMs,
    log,
    tell: ({ source, text, failed }) => {
      progress.end(`${failed ? "Failed: " : ""}${text}.`);
      step = source === "cluster" ? "Prometheus" : "GitHub";
      progress.show(() => `Reading ${step}...`);
    },
  });
  progress.end(
    complete ? "All sources were read." : "Not all sources could be read; what was read is kept, and this may be run again.",
  );
  return complete ? 0 : 1;
}
