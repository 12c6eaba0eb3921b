import { createHash, randomUUID } from "node:crypto";
import { Pool } from "undici";
import { chain } from "#sim/github/commit.ts";
import { createRepository } from "#sim/github/repository.ts";
import { sign } from "#sim/github/hooks.ts";
import { toPushPayload } from "#sim/github/push.ts";
import type { Commit, RepositoryData } from "#sim/github/types.ts";
import { head, milliseconds, percentile, row } from "./percentile.ts";
import { aCommit, opening } from "#test/story/small-shop.ts";
import { secrets, startWorld, type World } from "#test/story/world.ts";

const aSecond = 500;
const seconds = 30;
const repositoryCount = 50;
const goalMs = 50;
const place = { api: "https://github.example/api/v3", html: "https://github.example" };

/** Pushes of about 8 kB to many repositories, at a fixed pace that waits for nobody; then what of it is in the ledger. */
export async function benchWebhooks(): Promise<string> {
  const rows: string[] = [];
  let bytes = 0;
  for (const fsync of ["everysec", "always"] as const) {
    const result = await measure(fsync);
    rows.push(result.row);
    ({ bytes } = result);
  }
  return [
    `${aSecond} signed pushes of ${bytes.toLocaleString("en")} bytes a second for ${seconds} s, to ${repositoryCount} repositories; each is timed from when it was due`,
    "",
    head("Redis' appendfsync", "sent", "202", "in the ledger", "p50 of the 202", "p99", "longest", "goal p99", "worked on after the last", "RSS"),
    ...rows,
  ].join("\n"); // prettier-ignore
}

async function measure(fsync: "everysec" | "always"): Promise<{ row: string; bytes: number }> {
  const repositories = Array.from({ length: repositoryCount }, (_, index) => toRepository(index));
  await using world = await startWorld({ rate: 1, repositories, fsync });
  const pushers = repositories.map(createPusher);
  const times: number[] = [];
  let accepted = 0;
  const pool = new Pool(world.program.url, { connections: 100 });
  const bytes = Buffer.byteLength(pushers[0]?.().body ?? "");
  const sent = await atPace(aSecond, seconds, async (index, due) => {
    const push = signed(pushers[index % repositoryCount]);
    const { statusCode, body } = await pool.request({ path: "/github/webhooks", method: "POST", ...push });
    times.push(performance.now() - due);
    await body.dump();
    if (statusCode === 202) accepted += 1;
  });
  const ended = performance.now();
  const kept = await untilKept(world, accepted);
  const after = `${((performance.now() - ended) / 1000).toFixed(1)} s`;
  await pool.close();
  const [p50, p99, longest] = [percentile(times, 0.5), percentile(times, 0.99), Math.max(...times)].map(milliseconds);
  const memory = `${(((await world.program.memory()) ?? Number.NaN) / 1024 / 1024).toFixed(0)} MB`;
  return {
    bytes,
    row: row(fsync, sent, accepted, kept, p50 ?? "", p99 ?? "", longest ?? "", milliseconds(goalMs), after, memory),
  };
}

function toRepository(index: number): RepositoryData {
  return {
    fullName: `acme/service-${index}`,
    branch: "main",
    commits: chain(undefined, [aCommit({ message: `chore: begin ${index}` })]),
  };
}

/** A landing of a pull request as GitHub sends it: a body of some lines, two dozen files. */
function aLanding(index: number): Partial<Commit> {
  const files = Array.from({ length: 30 }, (_, file) => ({
    path: `services/checkout/src/modules/orders/handlers/handle-order-${index % 90}-${file}.ts`,
    status: "modified" as const,
    additions: 5,
    deletions: 3,
  }));
  return { message: `feat(orders): handle order ${index} (#${index})\n\n${"It says why, in some words. ".repeat(10)}`, files };
}

/** Gives one push after another, each on top of the last. */
function createPusher(data: RepositoryData): () => { body: string } {
  const repository = createRepository(data);
  let before = repository.head().sha;
  let count = 0;
  return () => {
    count += 1;
    const sha = createHash("sha1").update(`${data.fullName} ${count}`).digest("hex");
    const commit = { ...aCommit({ ...aLanding(count), at: opening + count * 1_000 }), sha, parents: [before] };
    const body = JSON.stringify(toPushPayload(repository, before, [commit], place));
    before = sha;
    return { body };
  };
}

function signed(push: (() => { body: string }) | undefined) {
  const { body = "" } = push?.() ?? {};
  const headers = {
    "content-type": "application/json",
    "x-github-event": "push",
    "x-github-delivery": randomUUID(),
    "x-hub-signature-256": sign(secrets.webhook, body),
  };
  return { headers, body };
}

/** Starts so many a second, whether or not those before were answered; resolves with how many there were once all are answered. */
async function atPace(aSecond: number, seconds: number, send: (index: number, due: number) => Promise<void>): Promise<number> {
  const under: Promise<void>[] = [];
  const start = performance.now();
  const total = aSecond * seconds;
  while (under.length < total) {
    const due = Math.min(total, ((performance.now() - start) / 1000) * aSecond);
    while (under.length < due) under.push(send(under.length, start + (under.length / aSecond) * 1000));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(under);
  return total;
}

/** Landings in the ledger once there are as many as were acknowledged, or once no more come for 20 s. */
async function untilKept({ store }: World, wanted: number): Promise<number> {
  let kept = 0;
  let grewAt = performance.now();
  while (performance.now() - grewAt < 20_000) {
    const changes = await store.changesBetween(opening + 1_000, opening + aSecond * seconds * 1_000);
    const now = changes.filter(({ kind }) => kind === "landing").length;
    if (now > kept) grewAt = performance.now();
    kept = now;
    if (kept >= wanted) break;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return kept;
}
