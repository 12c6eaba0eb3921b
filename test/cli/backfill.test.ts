import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { join } from "node:path";
import { channel } from "#sim/demo/cast.ts";
import { connectStore, type Store } from "#store/store.ts";
import { createSimClock, formatClock } from "#sim/clock.ts";
import { opening, repository, repositoryName, shopObjects } from "#test/story/small-shop.ts";
import { silentLog } from "#lib/log.ts";
import { startLocalGitHub } from "#sim/github/server.ts";
import { startRedis } from "#test/redis.ts";
import { startSimulatedCluster } from "#sim/cluster/cluster.ts";
import { aFolder, type Folder, why } from "./why.ts";

/** Everything the command reads and writes, without the service itself. */
const around = new AsyncDisposableStack();
let environment: NodeJS.ProcessEnv;
let store: Store;
let folder: Folder;
const day = 24 * 3_600_000;
const key = "test/shop/it";

beforeAll(async () => {
  folder = around.use(aFolder());
  const setting = formatClock(Date.now(), opening, 1);
  const clock = createSimClock(setting);
  const redis = around.use(await startRedis());
  const cluster = around.use(await startSimulatedCluster({ clock, seed: 1, nodes: 4, maxNodes: 40, objects: shopObjects("it") }));
  const github = around.use(await startLocalGitHub({ token: "token", repositories: [repository], rateLimit: 1_000_000 }));
  const file = { cluster: "test", slack: { channel }, repositories: [{ name: repositoryName, branch: "main" }] };
  environment = {
    REDIS_URL: redis.url,
    KUBECONFIG: folder.write("kubeconfig.yaml", cluster.kubeconfig),
    K8S_WHY_CONFIG: folder.write("k8s-why.yaml", JSON.stringify(file)),
    K8S_WHY_CLOCK: setting,
    SLACK_BOT_TOKEN: "xoxb-test",
    SLACK_SIGNING_SECRET: "signing",
    GITHUB_WEBHOOK_SECRET: "webhook",
    GITHUB_TOKEN: "token",
    GITHUB_API_URL: github.url,
    PROMETHEUS_URL: cluster.prometheusUrl,
  };
  store = around.use(connectStore({ url: redis.url, now: clock.now, log: silentLog }));
});
afterAll(() => around.disposeAsync());

describe("k8s-why backfill", () => {
  test("fills ledger and normals, twice as once", async () => {
    const ran = await why(["backfill"], environment);
    expect(ran.said).toContain("Cluster test: 1 workload, 1 rollout in its revision histories, 1 of them with a known commit.");
    expect(ran.said).toMatch(
      /Normal: 1 of 1 workload with a history in Prometheus, up to \d\.\d weeks of it; 1 learnt, 0 known already/,
    );
    expect(ran.said).toContain("GitHub acme/shop: 5 landings on main.");
    expect(ran.said).toContain("All sources were read.");
    expect(ran.code).toBe(0);
    const changes = await store.changesBetween(opening - 30 * day, opening + day);
    expect(changes.map(({ kind }) => kind).sort()).toEqual([...Array<string>(5).fill("landing"), "rollout"]);
    const [baseline] = await store.loadBaselines("test");
    expect(baseline).toMatchObject({ workload: key, level: 12 });
    expect(await store.findLastSeen(repositoryName, "main")).toMatchObject({ sha: repository.commits.at(-1)?.sha });
    const again = await why(["backfill"], environment);
    expect(again.said).toContain("; 0 learnt, 1 known already");
    expect(await store.changesBetween(opening - 30 * day, opening + day)).toEqual(changes);
    expect(await store.loadBaselines("test")).toEqual([baseline]);
  });

  test("leaves normals to a service that watches now", async () => {
    await store.saveBaselines("test", [{ ...(await store.loadBaselines("test"))[0]!, since: opening }]);
    await store.saveSeenUntil("test", opening + 10 * 60_000);
    const { said, code } = await why(["backfill"], environment);
    expect(said).toContain("not taken over, since k8s-why watches this cluster now");
    expect(code).toBe(0);
    expect((await store.loadBaselines("test"))[0]).toMatchObject({ since: opening });
  });

  test("reads the others when one source is away, and says so", async () => {
    const { said, code } = await why(["backfill"], { ...environment, PROMETHEUS_URL: "http://127.0.0.1:9" });
    expect(said).toContain("Failed: Normal cannot be learnt from Prometheus");
    expect(said).toContain("5 landings on main");
    expect(said).toContain("Not all sources could be read");
    expect(code).toBe(1);
  });

  test("says at once which setting is wrong", async () => {
    const { said, code } = await why(["backfill"], { ...environment, K8S_WHY_CONFIG: join(folder.path, "none.yaml") });
    expect(said).toContain("Cannot read the configuration file");
    expect(code).toBe(1);
  });
});
