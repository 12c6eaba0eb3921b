import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { channel } from "#sim/demo/cast.ts";
import { readHeadline } from "#sim/demo/headline.ts";
import { sign } from "#sim/github/hooks.ts";
import { signHeaders } from "#sim/slack/send/sign.ts";
import { strays, textsOf } from "#test/bot/safe.ts";
import { landingOf, namespace, repositoryName } from "./small-shop.ts";
import { secrets, startWorld, type World } from "./world.ts";

// What a Deployment may be called at most: its ReplicaSets' names add a dash and ten letters, and end at 253.
const longestName = `it-${"w".repeat(239)}`;

// A whole program starts in 3 s of CPU; a busy machine makes that 20 s of the wall.
vi.setConfig({ testTimeout: 180_000 });
const soon = { timeout: 60_000, interval: 50 };

let world: World;
beforeAll(async () => {
  world = await startWorld({ name: longestName });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const post = async (path: string, body: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${world.program.url}${path}`, { method: "POST", body, headers });
  return response.status;
};

describe("GitHub's webhooks", () => {
  const path = "/github/webhooks";
  let count = 0;
  const headersOf = (body: string, over: Record<string, string> = {}) => ({
    "content-type": "application/json",
    "x-github-delivery": `delivery-${++count}`,
    "x-github-event": "push",
    "x-hub-signature-256": sign(secrets.webhook, body),
    ...over,
  });
  const landings = async () => (await world.store.changesBetween(0, world.clock.now())).filter(({ kind }) => kind === "landing");

  it("are refused without a signature, or with a wrong one", async () => {
    const { "x-hub-signature-256": right, ...unsigned } = headersOf("{}");
    expect(await post(path, "{}", unsigned)).toBe(401);
    expect(await post(path, "{ }", { ...unsigned, "x-hub-signature-256": right })).toBe(401);
    expect(await post(path, "{}", headersOf("{}", { "x-hub-signature-256": sign("another", "{}") }))).toBe(401);
    expect(await post(path, "{}", headersOf("{}", { "x-hub-signature-256": "sha256=" }))).toBe(401);
  });

  it("are refused above 25 MB, said or unsaid", async () => {
    const most = 25 * 1024 * 1024;
    expect(await postSaying(path, most + 1, 10)).toBe(413);
    expect(await postSaying(path, undefined, most + 1)).toBe(413);
  });

  it("are refused when they are malformed", async () => {
    for (const body of ["{", "[]", '{"ref":1}', "\u0000"]) expect(await post(path, body, headersOf(body))).toBe(400);
  });

  it("are ignored when nobody asked for them", async () => {
    const before = await landings();
    expect(await post(path, "{}", headersOf("{}", { "x-github-event": "star" }))).toBe(202);
    expect(await landings()).toEqual(before);
  });

  it("are one record, however often they are delivered", async () => {
    const commit = landingOf({ message: "docs: twice" });
    const again = await world.github.push(repositoryName, [commit], "twice");
    expect(world.github.deliveries.map(({ statusCode }) => statusCode)).toEqual([202, 202]);
    const third = await world.github.redeliver(again.guid);
    expect(third).toMatchObject({ guid: again.guid, statusCode: 202 });
    const ids = async () => (await landings()).filter(({ id }) => id.endsWith(commit.sha)).length;
    await expect.poll(ids, soon).toBe(1);
    // What comes after them was worked on after them: the queue is in order.
    const marker = landingOf({ message: "docs: after the three" });
    await world.github.push(repositoryName, [marker]);
    await expect.poll(async () => (await landings()).some(({ id }) => id.endsWith(marker.sha)), soon).toBe(true);
    expect(await ids()).toBe(1);
  });
});

describe("Slack's requests", () => {
  const path = "/slack/events";
  const body = new URLSearchParams({ command: "/k8s-why", text: "", user_id: "U0ONCALL", trigger_id: "1" }).toString();
  const form = { "content-type": "application/x-www-form-urlencoded" };

  it("are refused without a signature, with a wrong one, or five minutes after they were signed", async () => {
    expect(await post(path, body, form)).toBe(401);
    expect(await post(path, body, { ...form, ...signHeaders(body, "another", Date.now()) })).toBe(401);
    for (const minutes of [-6, 6])
      expect(await post(path, body, { ...form, ...signHeaders(body, secrets.signing, Date.now() + minutes * 60_000) })).toBe(401);
  });

  it("are no reason to fall over when they are malformed", async () => {
    const json = { "content-type": "application/json" };
    for (const bad of ["{", "null", "3", ""])
      expect(await post(path, bad, { ...json, ...signHeaders(bad, secrets.signing, Date.now()) })).toBe(400);
  });
});

describe("alerts", () => {
  it.each(["/alerts/opsgenie", "/alerts/alertmanager"])("at %s need the shared secret, and a shape", async (path) => {
    expect(await post(path, "{}")).toBe(401);
    expect(await post(path, "{}", { authorization: "Bearer another" })).toBe(401);
    expect(await post(`${path}?secret=another`, "{}")).toBe(401);
    expect(await post(path, "{", { authorization: `Bearer ${secrets.alerts}` })).toBe(400);
    expect(await post(`${path}?secret=${secrets.alerts}`, "[1]")).toBe(400);
  });
});

describe("changes that others report", () => {
  const authorization = `Bearer ${secrets.changes}`;
  const flag = { id: "flag/1", what: "flag", title: "<!channel> on", workloads: [`${namespace}/it`] };

  it("need the token, and a shape", async () => {
    expect(await post("/changes", JSON.stringify(flag))).toBe(401);
    for (const bad of ["", "{", "[]", "{}", JSON.stringify({ ...flag, what: "?" })])
      expect(await post("/changes", bad, { authorization })).toBe(400);
    expect(await post("/changes", "x".repeat(2_000_000), { authorization })).toBe(413);
  });

  it("are in the ledger, once, however often they are sent", async () => {
    for (let time = 0; time < 3; time += 1) expect(await post("/changes", JSON.stringify([flag]), { authorization })).toBe(202);
    const reported = async () =>
      (await world.store.changesBetween(0, world.clock.now())).filter(({ kind }) => kind === "reported");
    await vi.waitFor(async () => expect(await reported()).toHaveLength(1), soon);
    expect(await reported()).toMatchObject([{ id: "reported/flag/1", what: "flag", title: "<!channel> on" }]);
  });
});

describe("a landing that is nasty in every way, of a workload with the longest name", () => {
  const title = "feat: <!channel> <@U0ONCALL> <https://evil.example|click> *b* `c` & \u202eside @here ";
  const message = title + "more <!here> & ".repeat(200_000);
  const files = Array.from({ length: 3_000 }, (_, index) => ({
    path: `services/it/<!everyone>/${"deep/".repeat(index % 20)}*${index}*.ts`,
    status: "added" as const,
    additions: 3,
    deletions: 0,
    patch: "@@ -0,0 +1,3 @@\n+<!channel>\n+`x`\n+y",
  }));
  const evil = { name: "<!here> *Ada*\u202e", email: "ada@acme.example", login: "ada" };
  const commit = landingOf({ message, files, author: evil });
  const version = () => world.headlines()[0]?.versions.at(-1);

  it("is shown, cut and escaped in Slack", async () => {
    expect(message.length).toBeGreaterThan(3_000_000);
    await world.rollOut(commit);
    expect(world.github.deliveries.at(-1)?.statusCode).toBe(202);
    await expect.poll(() => readHeadline(version() ?? { blocks: [] }).suspects[0]?.sha, soon).toBe(commit.sha);

    const shown = textsOf(version()?.blocks).join("\n");
    expect(shown).toContain(
      "feat: &lt;!channel&gt; &lt;@U0ONCALL&gt; &lt;https://evil.example|click&gt; ∗b∗ 'c' &amp; side ＠here",
    );
    expect(shown).toContain("&lt;!here&gt; ∗Ada∗");
    expect(shown).toContain("3,000 files");
    expect(shown).toContain(`${namespace}/${longestName.slice(0, 50)}`);
    expect(shown).not.toContain(longestName);
    expect(shown.length).toBeLessThan(10_000);
  });

  it("calls nobody who was not to be called, in any message, and Slack refused none", async () => {
    await expect.poll(() => world.slack.messages(channel).length, soon).toBeGreaterThan(1);
    const versions = world.slack.messages(channel).flatMap((posted) => posted.versions);
    expect(strays(versions.map(({ text, blocks }) => ({ text, blocks })))).toEqual([]);
    expect(versions.filter(({ blocks }) => blocks.length === 0)).toEqual([]);
    expect(world.slack.requests.filter(({ error }) => error !== undefined)).toEqual([]);
  });

  it("can be asked for by its whole name, and other names are answered as harmlessly", async () => {
    const ask = (text: string) => world.slack.slashCommand({ user: "U0ONCALL", command: "/k8s-why", text });
    const answers = () => world.slack.messages(channel).filter(({ ephemeralFor }) => ephemeralFor === "U0ONCALL");
    expect(await ask(longestName)).toMatchObject({ ok: true });
    await expect.poll(() => answers().length, soon).toBe(1);
    expect(await ask(`<!channel> ${"y".repeat(3_000)}`)).toMatchObject({ ok: true });
    await expect.poll(() => answers().length, soon).toBe(2);
    expect(strays(answers().flatMap(({ versions }) => versions.map(({ text, blocks }) => ({ text, blocks }))))).toEqual([]);
  });

  it("leaves the program well", async () => {
    expect(world.program.crashed()).toBeUndefined();
    expect((await fetch(`${world.program.url}/readyz`)).status).toBe(200);
    expect(await world.log(10_000)).not.toMatch(/"level":(50|60)|Request failed/);
  });
});

describe("a program without configuration", () => {
  it("says all that is missing at once, in sentences, and exits with 1", async () => {
    const folder = await mkdtemp(join(tmpdir(), "why-empty-"));
    const main = join(import.meta.dirname, "..", "..", "src", "main.ts");
    const options = { cwd: folder, env: { PATH: process.env["PATH"] } };
    const ended = await new Promise<{ code: unknown; said: string }>((resolve) => {
      execFile(process.execPath, [main, "start"], options, (error, _out, said) => resolve({ code: error?.code, said }));
    });
    await rm(folder, { recursive: true });

    expect(ended.code).toBe(1);
    for (const name of ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "GITHUB_WEBHOOK_SECRET", "GITHUB_TOKEN", "k8s-why.yaml"])
      expect(ended.said).toContain(name);
    const problems = ended.said.split("\n").filter((line) => line.startsWith("  - "));
    expect(problems).toHaveLength(5);
    for (const problem of problems) expect(problem).toMatch(/^ {2}- [A-Z].*\.$/);
    expect(ended.said).not.toMatch(/^\s+at /m);
  });
});

/** Sends `bytes` bytes, claiming `said` as the length (chunked without), and resolves with the status. */
function postSaying(path: string, said: number | undefined, bytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = said === undefined ? {} : { "content-length": String(said) };
    const outgoing = request(`${world.program.url}${path}`, { method: "POST", headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
      outgoing.destroy();
    });
    // It may hang up while we still send; the answer was read by then, or comes.
    outgoing.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "EPIPE" || error.code === "ECONNRESET" ? undefined : reject(error),
    );
    outgoing.write(Buffer.alloc(bytes));
    if (said === undefined) outgoing.end();
  });
}
