import type { Command } from "commander";
import type { Judgement, Person, Policy, Verb } from "#domain/policy.ts";
import { grantsOf, judge, mayAnything } from "#analysis/policy.ts";
import { InputError } from "./input.ts";
import { loadFile } from "#app/config/load.ts";
import { plain, styleOf } from "./terminal.ts";
import { policyOf } from "#app/config/policy.ts";
import { verbs } from "#domain/policy.ts";

const about = `
Reads the configuration file only (K8S_WHY_CONFIG, or k8s-why.yaml). Slack knows who is in a user group, whose address is verified and who is a
guest: here --group and --email say so, and everybody is taken for a member.

Examples:
  k8s-why policy explain --user U012ABCDEF --act rollback --workload shop/web
  k8s-why policy explain --user U012ABCDEF --group S012ABCDEF --act drain --workload shop/web --cluster prod

Exit code 0: allowed; 1: denied; 2: the question or the configuration cannot be used.`;

interface Options {
  readonly user: string;
  readonly act?: string;
  readonly workload?: string;
  readonly cluster?: string;
  readonly group: readonly string[];
  readonly email?: string;
  readonly unsafe: boolean;
  readonly json: boolean;
}

/** `k8s-why policy explain`: who may do what, and which rule decides. */
export function addPolicy(program: Command, environment: NodeJS.ProcessEnv, exit: (code: number) => void): void {
  const policy = program.command("policy").description("who may do what");
  policy
    .command("explain")
    .description("names the rule that decides whether somebody may do something; without --act, all that they may")
    .requiredOption("--user <id>", "Slack user id")
    .option("--act <verb>", `one of: ${verbs.join(", ")}`)
    .option("--workload <namespace/name>", "what it is done to")
    .option("--cluster <name>", "where (default: the configuration's own)")
    .option(
      "--group <id>",
      "a user group that they are in, may be repeated",
      (value: string, all: readonly string[]) => [...all, value],
      [],
    )
    .option("--email <address>", "their verified address")
    .option("--unsafe", "with rollback: it is not known that the code may go back without more ado", false)
    .option("--json", "JSON instead of sentences", false)
    .addHelpText("after", about)
    .action(async (options: Options) => exit(await explain(options, environment)));
}

async function explain(options: Options, environment: NodeJS.ProcessEnv): Promise<number> {
  const file = await loadFile(environment);
  const policy = policyOf(file.policy, file.slack.approvers);
  const { user, group, email } = options;
  const person: Person = { id: user, kind: "member", groups: group, ...(email !== undefined && { email: email.toLowerCase() }) };
  if (options.act === undefined) return explainAll(policy, person, options.json);
  const judged = judge(policy, person, deedOf(options, options.act, file.cluster));
  const glass = judged.kind === "denied" && policy.breakGlass.includes(user);
  if (options.json) console.log(JSON.stringify({ ...judged, breakGlass: glass }));
  else sayJudged(judged, glass);
  return judged.kind === "allowed" ? 0 : 1;
}

function explainAll(policy: Policy, person: Person, json: boolean): number {
  const sentences = grantsOf(policy, person);
  if (json) console.log(JSON.stringify({ grants: sentences }));
  else for (const sentence of sentences) console.log(plain(sentence));
  return mayAnything(policy, person) ? 0 : 1;
}

function sayJudged(judged: Judgement, glass: boolean): void {
  const style = styleOf(process.stdout);
  const word = judged.kind === "allowed" ? style.good("allowed") : style.bad("denied");
  const people = judged.kind === "allowed" ? `, ${judged.approvals === 1 ? "one person" : "two people"}` : "";
  console.log(`${word}${people}: ${plain(judged.why)}`);
  if (glass) console.log("They may break the glass: act all the same, with a written reason, in front of everybody.");
}

function deedOf({ workload, cluster, unsafe }: Options, act: string, own: string) {
  const verb = verbs.find((one): one is Verb => one === act);
  if (!verb) throw new InputError(`Cannot explain "${act}": expected one of ${verbs.join(", ")}.`);
  const [namespace = "", name = "", ...rest] = (workload ?? "").split("/");
  if (namespace === "" || name === "" || rest.length > 0)
    throw new InputError('Cannot explain that: expected --workload as "namespace/name".');
  return { verb, workload: { cluster: cluster ?? own, namespace, name }, isSafe: !unsafe };
}
