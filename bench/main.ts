import { cpus, totalmem } from "node:os";
import { spawnSync } from "node:child_process";
import { benchDetection } from "./detection.ts";
import { benchIncidents } from "./incidents.ts";
import { benchMigrations } from "./migrations.ts";
import { benchRanking } from "./ranking.ts";
import { benchReflector } from "./reflector.ts";
import { benchWebhooks } from "./webhooks.ts";

const benches: Readonly<Record<string, readonly [title: string, run: () => Promise<string>]>> = {
  detection: ["Detection", benchDetection],
  incidents: ["Watch event to Slack request", benchIncidents],
  migrations: ["Migrations of a range", benchMigrations],
  ranking: ["Ranking", benchRanking],
  reflector: ["Reflector", benchReflector],
  webhooks: ["Webhook to durable job", benchWebhooks],
};

const [, , asked] = process.argv;
const names = asked === undefined ? Object.keys(benches) : [asked];
console.log(`${describeMachine()}\n`);
for (const name of names) {
  const bench = benches[name];
  if (!bench) throw new Error(`Cannot measure "${name}": expected one of ${Object.keys(benches).join(", ")}`);
  console.log(`## ${bench[0]}\n\n${await bench[1]()}\n`);
}

function describeMachine(): string {
  const [cpu] = cpus();
  const found = ["redis-server", "valkey-server"].map((server) => spawnSync(server, ["--version"], { encoding: "utf8" }).stdout);
  const redis = /v=(\S+)/.exec(found.join(""))?.[1];
  const memory = `${Math.round(totalmem() / 1024 ** 3)} GB`;
  const date = new Date().toISOString().slice(0, 16).replace("T", " ");
  return `${date} UTC, ${cpus().length} x ${cpu?.model.trim() ?? "unknown CPU"}, ${memory}, ${process.platform} ${process.arch}, Node ${process.versions.node}, Redis ${redis ?? "not found"}`;
}
