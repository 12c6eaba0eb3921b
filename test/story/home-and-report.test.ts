import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { channel } from "#sim/demo/cast.ts";
import { landingOf } from "./small-shop.ts";
import { startWorld, type World } from "./world.ts";
import { textsOf } from "#test/bot/safe.ts";

// A whole program starts in 3 s of CPU; a busy machine makes that 20 s of the wall.
vi.setConfig({ testTimeout: 300_000 });

let world: World;
beforeAll(async () => void (world = await startWorld()));
afterAll(() => world[Symbol.asyncDispose]());

it("who wrote the suspected change finds it on the app's page, and its report in the thread", async () => {
  const { slack, store } = world;
  const files = [{ path: "services/it/src/cart.ts", status: "modified" as const, additions: 12, deletions: 3 }];
  const landing = landingOf({ at: world.clock.now(), message: "feat: new data structure <!channel>", files });
  await world.rollOut(landing);
  const isNamed = async () => (await store.openIncidents()).some(({ diagnosis }) => diagnosis?.named);
  await expect.poll(isNamed, { timeout: 120_000, interval: 250 }).toBe(true);
  await expect.poll(() => world.headlines().length, { timeout: 60_000 }).toBe(1);

  const page = async (user: string) => {
    await slack.openHome({ user });
    return textsOf(slack.home(user)?.view.blocks).join("\n");
  };
  await expect.poll(() => page("U0AUTHOR"), { timeout: 60_000, interval: 500 }).toContain("your change is suspected");
  await expect
    .poll(() => page("U0ONCALL"), { timeout: 60_000, interval: 500 })
    .toMatch(/\*Cluster .+:\* watched up to \d+ (s|min) ago/);
  const seen = await page("U0ONCALL");
  expect(seen).toContain("*Prometheus:* it answers");
  expect(seen).toContain("To the thread");
  expect(seen).not.toContain("<!channel>");

  const [incident] = await store.openIncidents();
  await slack.slashCommand({ user: "U0ONCALL", command: "/k8s-why", text: `report ${incident?.workload.name}`, channel });
  const file = () =>
    slack
      .messages(channel)
      .filter(({ threadTs }) => threadTs === world.headlines()[0]?.ts)
      .flatMap(({ files = [] }) => files)
      .map((id) => slack.file(id)?.bytes?.toString() ?? "")
      .find((text) => text.startsWith("# Incident report"));
  await expect.poll(file, { timeout: 60_000, interval: 250 }).toBeDefined();
  expect(file()).toContain(`${landing.sha.slice(0, 7)} "feat: new data structure &lt;!channel&gt;"`);
  expect(file()).toMatch(/\n\| Change named \| 20/);
  expect(file()).toContain("## What would have caught it earlier");
});
