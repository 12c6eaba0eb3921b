import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** What watching cost one process. */
interface Cost {
  readonly idleMb: number;
  readonly heapMb: number;
  readonly peakMb: number;
  readonly syncMs: number;
  readonly eventsPerCpuSecond: number;
  readonly rssMb: number;
}

const COUNT = 10_000;
const CHANGES = 30_000;
const ways = { reflector: "our reflector, projected", informer: "client-node makeInformer" } as const;

/** Our reflector beside client-node's informer, on 10,000 Deployments of 8 kB: each in a process of its own, against a third. */
export async function benchReflector(): Promise<string> {
  await using server = start("reflector-server.ts", [String(COUNT)]);
  const port = await server.line;
  const size = await (await fetch(`http://127.0.0.1:${port}/size`)).text();
  // The first who lists must not wait for the server's code to be compiled.
  await (await fetch(`http://127.0.0.1:${port}/apis/apps/v1/deployments`)).arrayBuffer();
  const rows: string[] = [];
  for (const [way, name] of Object.entries(ways)) {
    await using client = start("reflector-client.ts", [way, port, String(COUNT), String(CHANGES)]);
    rows.push(toRow(name, JSON.parse(await client.line) as Cost));
  }
  const head = ["watching by", "heap added", "RSS idle", "peak at sync", "after the burst", "sync", "events per CPU-second"];
  return [
    `${COUNT.toLocaleString("en")} Deployments of ${size} bytes, then ${CHANGES.toLocaleString("en")} changes in a burst`,
    "",
    `| ${head.join(" | ")} |`,
    `|${head.map(() => "---").join("|")}|`,
    ...rows,
  ].join("\n");
}

function toRow(name: string, { idleMb, heapMb, peakMb, rssMb, syncMs, eventsPerCpuSecond }: Cost): string {
  const mb = (value: number) => `${value.toFixed(value < 20 ? 1 : 0)} MB`;
  const events = `${(eventsPerCpuSecond / 1000).toFixed(1)}k`;
  return `| ${[name, mb(heapMb), mb(idleMb), mb(peakMb), mb(rssMb), `${(syncMs / 1000).toFixed(2)} s`, events].join(" | ")} |`;
}

/** A child, and the first line that it prints; it ends with the scope. */
function start(file: string, parameters: readonly string[]): AsyncDisposable & { readonly line: Promise<string> } {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, ["--expose-gc", script, ...parameters], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const first = once(createInterface({ input: child.stdout }), "line").then(([line]) => String(line));
  const died = exited.then(([code]) => {
    throw new Error(`Cannot measure: ${file} ended with ${code} and said nothing`);
  });
  died.catch(() => {});
  return {
    line: Promise.race([first, died]),
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await exited;
    },
  };
}

if (import.meta.main) console.log(await benchReflector());
