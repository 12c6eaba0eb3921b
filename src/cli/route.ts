import type { Command } from "commander";
import { type Callee, type Severity, type TellSettings, severities } from "#domain/told.ts";
import { InputError } from "./input.ts";
import { loadFile } from "#app/config/load.ts";
import { plain, styleOf } from "./terminal.ts";
import { routeOf } from "#analysis/route.ts";
import { tellSettingsOf } from "#app/config/tell.ts";

const about = `
Reads the configuration file only (K8S_WHY_CONFIG, or k8s-why.yaml). Whose a workload is, is known from its annotation k8s-why.dev/owner, else from
CODEOWNERS: here --team says so. What the three severities mean: docs/who-is-told.md.

Examples:
  k8s-why route explain --workload shop/web
  k8s-why route explain --workload pay/api --team @acme/payments --severity high --cluster prod

Exit code 0; 2: the question or the configuration cannot be used.`;

interface Options {
  readonly workload: string;
  readonly cluster?: string;
  readonly team: readonly string[];
  readonly severity?: string;
  readonly json: boolean;
}

/** `k8s-why route explain`: where incidents of a workload are told, and who is called. */
export function addRoute(program: Command, environment: NodeJS.ProcessEnv): void {
  const route = program.command("route").description("where incidents are told");
  route
    .command("explain")
    .description("names the route that decides where incidents of a workload are told, and who is called")
    .requiredOption("--workload <namespace/name>", "what the incident is about")
    .option("--cluster <name>", "where (default: the configuration's own)")
    .option("--team <owner>", "whose it is, may be repeated", (value: string, all: readonly string[]) => [...all, value], [])
    .option("--severity <word>", `one of: ${severities.join(", ")} (default: each)`)
    .option("--json", "JSON instead of sentences", false)
    .addHelpText("after", about)
    .action((options: Options) => explain(options, environment));
}

async function explain(options: Options, environment: NodeJS.ProcessEnv): Promise<void> {
  const file = await loadFile(environment);
  const settings = tellSettingsOf(file.slack);
  const [namespace = "", name = "", ...rest] = options.workload.split("/");
  if (namespace === "" || name === "" || rest.length > 0)
    throw new InputError('Cannot explain that: expected --workload as "namespace/name".');
  const workload = { cluster: options.cluster ?? file.cluster, namespace, name };
  const answers = severitiesOf(options.severity).map((severity) => ({
    severity,
    ...whereOf(routeOf({ workload, teams: options.team, severity }, settings.routes), settings),
  }));
  if (options.json) console.log(JSON.stringify(answers));
  else for (const answer of answers) say(answer);
}

function severitiesOf(word: string | undefined): readonly Severity[] {
  if (word === undefined) return severities;
  const severity = severities.find((one) => one === word);
  if (!severity) throw new InputError(`Cannot explain "${word}": expected one of ${severities.join(", ")}.`);
  return [severity];
}

function whereOf(route: TellSettings["routes"][number] | undefined, settings: TellSettings) {
  const { channel, onCall = settings.onCall, escalation = settings.escalation } = route ?? settings;
  return { route: route?.name, channel, onCall, escalation };
}

function say({
  severity,
  route,
  channel,
  onCall,
  escalation,
}: { readonly severity: Severity } & ReturnType<typeof whereOf>): void {
  const style = styleOf(process.stdout);
  const why = route === undefined ? "as no route fits" : `by the route "${route}"`;
  // What is low calls nobody, whatever is configured.
  const calls = severity === "low" ? "nobody" : listOf(onCall);
  const next = severity === "low" ? "" : `; next ${listOf(escalation.length > 0 ? escalation : onCall)}`;
  console.log(plain(`${style.good(severity)}: ${channel}, ${why}; on call ${calls}${next}`));
}

function listOf(callees: readonly Callee[]): string {
  return callees.map(wordOf).join(", ") || "nobody";
}

function wordOf(callee: Callee): string {
  if (callee.kind === "slack") return callee.id;
  if (callee.kind === "opsgenie") return `Opsgenie schedule "${callee.schedule}"`;
  const { schedule, policy, level } = callee;
  const what = schedule === undefined ? `policy ${policy ?? ""}` : `schedule ${schedule}`;
  return `PagerDuty ${what}${level === undefined ? "" : `, level ${level}`}`;
}
