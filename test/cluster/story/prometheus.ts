import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { closeSync, openSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { endWithUs, isGone, stopChild } from "#sim/demo/children.ts";

const patienceMs = 60_000;

/** Debian's Prometheus as a child: scrapes `target` every 5 s. Resolves when it answers. */
export async function startPrometheus(target: string, folder: string): Promise<AsyncDisposable & { readonly url: string }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const settings = join(folder, "prometheus.yml");
  const scrape = { job_name: "load", scrape_interval: "5s", static_configs: [{ targets: [target] }], honor_labels: true };
  await mkdir(join(folder, "prometheus"));
  await writeFile(settings, JSON.stringify({ global: { scrape_interval: "5s" }, scrape_configs: [scrape] }));
  const log = openSync(join(folder, "prometheus.log"), "a");
  const flags = [
    `--config.file=${settings}`,
    `--storage.tsdb.path=${join(folder, "prometheus")}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const child = endWithUs(
    spawn(process.env["PROMETHEUS_BINARY"] ?? "prometheus", flags, { stdio: ["ignore", log, log], detached: true }),
  );
  child.once("error", () => {});
  closeSync(log);
  const dispose = () => stopChild(child, 5_000);
  for (const until = Date.now() + patienceMs; Date.now() < until && !isGone(child);) {
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (answer?.ok) return { url, [Symbol.asyncDispose]: dispose };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await dispose();
  throw new Error('Cannot start "prometheus": is it installed (apt-get install prometheus)?');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (!address || typeof address === "string") throw new Error("Cannot find a free port");
  return address.port;
}
