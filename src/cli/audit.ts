import type { Command } from "commander";
import { formatISO } from "date-fns/formatISO";
import type { AuditHead } from "#domain/audit.ts";
import { findHead, followAll, formatHead } from "#app/audit-chain.ts";
import { connectStore, type Store } from "#store/store.ts";
import { createClock } from "#lib/clock.ts";
import { createLog } from "#lib/log.ts";
import { createOutput } from "./output.ts";
import { createProgress } from "./progress.ts";
import { InputError } from "./input.ts";
import { TemporaryError } from "#lib/errors.ts";
import { parseMoment } from "./moment.ts";
import { styleOf } from "./terminal.ts";

const about = `
The record of every proposal, look, refusal, approval, write, result and check. Each entry holds the hash of the one before: docs/audit.md.
Needs REDIS_URL.

Examples:
  k8s-why audit export --since "2 days ago" --out audit.ndjson
  k8s-why audit verify
  k8s-why audit verify --head "$(kubectl -n k8s-why get configmap k8s-why-audit-head -o jsonpath='{.data.head}')"

Exit code of verify: 0 nothing was changed; 1 something was; 2 it cannot be asked.`;

/** `k8s-why audit`: takes the record out, and says whether it is whole. */
export function addAudit(program: Command, environment: NodeJS.ProcessEnv, exit: (code: number) => void): void {
  const audit = program
    .command("audit")
    .description("what was done, by whom, and whether the record is whole")
    .addHelpText("after", about);
  audit
    .command("export")
    .description("a JSON object a record, oldest first")
    .option("--since <time>", 'from this moment on: ISO 8601, "2 days ago", "yesterday 14:30"; all without it')
    .option("--out <file>", "where it goes; standard output without it")
    .action(async ({ since, out }: { readonly since?: string; readonly out?: string }) => {
      const from = since === undefined ? -Infinity : parseMoment(since, Date.now());
      await withStore(environment, (store) => exportRecords(store, from, out));
    });
  audit
    .command("verify")
    .description("follows the chain from its first record to its newest")
    .option("--head <seq:hash>", "this record must be in it: a head from the log or from the ConfigMap k8s-why-audit-head")
    .action(async ({ head }: { readonly head?: string }) =>
      withStore(environment, async (store) => exit(await verify(store, head === undefined ? undefined : parseHead(head)))),
    );
}

async function withStore(environment: NodeJS.ProcessEnv, use: (store: Store) => Promise<void>): Promise<void> {
  const url = environment["REDIS_URL"];
  if (!url) throw new InputError("Cannot read the audit stream: REDIS_URL is not set.");
  await using store = connectStore({ url, now: createClock().now, log: createLog("error") });
  try {
    await use(store);
  } catch (error) {
    if (error instanceof TemporaryError) throw new InputError(`${error.message}.`, { cause: error });
    throw error;
  }
}

async function exportRecords(store: Store, from: number, out: string | undefined): Promise<void> {
  const output = createOutput(out);
  const progress = createProgress();
  let count = 0;
  for await (const record of store.auditRecords()) {
    if ("at" in record && record.at < from) continue;
    await output.write(JSON.stringify(record));
    count += 1;
    progress.show(() => `${count.toLocaleString("en-US")} records`);
  }
  await output.end();
  progress.end(`Exported ${count.toLocaleString("en-US")} records${out === undefined ? "" : ` into "${out}"`}.`);
}

async function verify(store: Store, head: AuditHead | undefined): Promise<number> {
  const style = styleOf(process.stdout);
  const found = await followAll(store, head);
  if ("problem" in found) {
    console.log(style.bad(`Broken: ${found.problem}.`));
    return 1;
  }
  const { first, last } = found;
  if (!first || !last) {
    console.log("The audit stream is empty.");
    return 0;
  }
  const span = `from ${formatISO(first.at)} to ${formatISO(last.at)}`;
  console.log(`${style.good("Whole")}: ${last.seq.toLocaleString("en-US")} records ${span}.`);
  console.log(`Head: ${formatHead(last)}`);
  return 0;
}

function parseHead(text: string): AuditHead {
  const head = findHead(text);
  if (head) return head;
  throw new InputError(
    `Cannot read the head "${text.slice(0, 100)}": expected "<number>:<64 hex digits>", as the log and the ConfigMap show it.`,
  );
}
