import type { Command } from "commander";
import { connectStore } from "#store/store.ts";
import { createClock } from "#lib/clock.ts";
import { createLog } from "#lib/log.ts";
import { TemporaryError } from "#lib/errors.ts";
import { findReported } from "#workflow/report.ts";
import { reportOf } from "#analysis/report/report.ts";
import { InputError } from "./input.ts";
import { plain } from "./terminal.ts";

const about = `
The same report as \`/k8s-why report\` puts into an incident's thread (docs/report.md); here people go by their Slack ids. Needs REDIS_URL.

Example:
  k8s-why report shop/web > report.md`;

/** `k8s-why report`: prints the report of an incident as Markdown. */
export function addReport(program: Command, environment: NodeJS.ProcessEnv): void {
  program
    .command("report")
    .description("the report of an incident, as Markdown")
    .argument("<incident>", "its id, or the name of its workload: then its newest, open or over")
    .addHelpText("after", about)
    .action(async (asked: string) => {
      const url = environment["REDIS_URL"];
      if (!url) throw new InputError("Cannot read incidents: REDIS_URL is not set.");
      const { now } = createClock();
      await using store = connectStore({ url, now, log: createLog("error") });
      try {
        const found = await findReported(store, asked);
        if ("similar" in found) throw new InputError(unknown(asked, found.similar));
        process.stdout.write(reportOf({ incident: found, names: new Map(), number: 0, at: now() }));
      } catch (error) {
        throw error instanceof TemporaryError ? new InputError(`${error.message}.`, { cause: error }) : error;
      }
    });
}

function unknown(asked: string, similar: readonly string[]): string {
  const like = similar.length === 0 ? "" : ` Did you mean one of these: ${similar.map(plain).join(", ")}?`;
  return `Cannot make a report: no incident is on record under "${plain(asked.slice(0, 100))}".${like}`;
}
