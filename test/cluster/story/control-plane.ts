import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { StoryOptions } from "./options.ts";

const run = promisify(execFile);

/** A cluster to play on. */
export interface Ground extends AsyncDisposable {
  /** Path of an administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** `host:port` whose /metrics tell requests, latency, CPU and replicas. */
  readonly target: string;
  /** The workloads that the story needs. */
  readonly manifest: string;
}

/** The cluster of `K8S_WHY_TEST_KUBECONFIG`, else a fresh control plane that goes away with the story. */
export async function findGround({ controlplane, port }: StoryOptions): Promise<Ground> {
  const manifest = await manifestIn(controlplane);
  const given = process.env["K8S_WHY_TEST_KUBECONFIG"];
  if (given) {
    const target = process.env["PROMETHEUS_TARGET"];
    if (!target)
      throw new Error(
        "Cannot play on the cluster of K8S_WHY_TEST_KUBECONFIG: PROMETHEUS_TARGET must name host:port of its metrics",
      );
    return { kubeconfig: given, target, manifest, [Symbol.asyncDispose]: async () => {} };
  }
  const env = { ...process.env, PORT: String(port) };
  const { stdout } = await run(join(controlplane, "up"), { env, timeout: 20 * 60_000 });
  const find = (name: string) => new RegExp(`^${name}=(.+)$`, "m").exec(stdout)?.[1];
  const [kubeconfig, target] = [find("K8S_WHY_TEST_KUBECONFIG"), find("PROMETHEUS_TARGET")];
  const down = async () => void (await run(join(controlplane, "down"), { env, timeout: 60_000 }));
  if (!kubeconfig || !target) {
    await down();
    throw new Error(`Cannot use the control plane: "up" printed no kubeconfig and target, but "${stdout.slice(0, 300)}"`);
  }
  return { kubeconfig, target, manifest, [Symbol.asyncDispose]: down };
}

async function manifestIn(folder: string): Promise<string> {
  const file = join(folder, "runaway.yaml");
  if (existsSync(file)) return await readFile(file, "utf8");
  throw new Error(
    `Cannot find a control plane in "${folder}": name the folder that holds its up, down and runaway.yaml with --controlplane`,
  );
}
