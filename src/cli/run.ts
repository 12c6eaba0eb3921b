import { Command, CommanderError } from "commander";
import { ConfigurationError } from "#lib/errors.ts";
import { addAudit } from "./audit.ts";
import { addBackfill } from "./backfill.ts";
import { addBacktest } from "./backtest.ts";
import { addKeys } from "./keys.ts";
import { addPolicy } from "./policy.ts";
import { addRank } from "./rank.ts";
import { addReport } from "./report.ts";
import { addRoute } from "./route.ts";
import { addVerdicts } from "./verdicts.ts";
import { InputError } from "./input.ts";
import { start } from "./start.ts";

/** Runs the command line; resolves with the exit code. */
export async function run(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  let code = 0;
  const program = new Command("k8s-why")
    .description("Why did this Kubernetes service run away? The change, the evidence and the way back, in one Slack thread.")
    .exitOverride()
    .showHelpAfterError("(k8s-why --help lists the commands)");
  program
    .command("start")
    .description("watch the cluster and GitHub, and talk through Slack; settings: .env.example and k8s-why.example.yaml")
    .action(async () => {
      code = await start(environment);
    });
  addBacktest(program, (exitCode) => (code = exitCode));
  addBackfill(program, environment, (exitCode) => (code = exitCode));
  addRank(program, (exitCode) => (code = exitCode));
  addVerdicts(program, environment);
  addReport(program, environment);
  addAudit(program, environment, (exitCode) => (code = exitCode));
  addKeys(program);
  addPolicy(program, environment, (exitCode) => (code = exitCode));
  addRoute(program, environment);
  try {
    await program.parseAsync([...argv]);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    if (error instanceof InputError) {
      console.error(error.message);
      return 2;
    }
    if (!(error instanceof ConfigurationError)) throw error;
    const count = error.problems.length;
    console.error(`k8s-why cannot start: ${count === 1 ? "one setting is" : `${count} settings are`} wrong.\n`);
    for (const problem of error.problems) console.error(`  - ${problem}`);
    console.error("\nEvery setting, with unit and default, is in .env.example and k8s-why.example.yaml.");
    return 1;
  }
}
