import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { landingOf, repository } from "./small-shop.ts";
import { startWorld, type World } from "./world.ts";
import { channel } from "#sim/demo/cast.ts";
import { textsOf } from "#test/bot/safe.ts";

// A whole program starts in 3 s of CPU; a busy machine makes that 20 s of the wall.
vi.setConfig({ testTimeout: 300_000 });

const shop = "C0SHOP";
const asked: string[] = [];
const pagerDuty = createServer((request, response) => {
  asked.push(`${request.headers.authorization} ${decodeURIComponent(request.url ?? "")}`);
  const user = { id: "PNINA", type: "user", summary: "Nina Duty", name: "Nina Duty", email: "nina@acme.example" };
  response.end(JSON.stringify({ oncalls: [{ user, escalation_level: 1 }], limit: 100, offset: 0, more: false, total: null }));
});

let world: World;
beforeAll(async () => {
  await new Promise<void>((resolve) => pagerDuty.listen(0, "127.0.0.1", resolve));
  world = await startWorld({
    channels: [shop],
    repositories: [{ ...repository, contents: { CODEOWNERS: "* @acme/everybody\n/services/it/ @acme/it @ada\n" } }],
    settings: {
      onCall: [{ pagerduty: "PSHOP" }],
      owners: { "@acme/it": "S0IT" },
      people: { ada: "U0AUTHOR" },
      routes: [{ name: "the shop's", namespaces: ["shop"], teams: ["acme/it"], channel: shop }],
    },
    environment: {
      PAGERDUTY_TOKEN: "secret",
      PAGERDUTY_API_URL: `http://127.0.0.1:${(pagerDuty.address() as AddressInfo).port}`,
    },
  });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  pagerDuty.closeAllConnections();
  await new Promise((resolve) => pagerDuty.close(resolve));
});

it("a runaway is told in its team's channel, and calls on-call by the schedule, the author and the owners, each once", async () => {
  const files = [{ path: "services/it/src/cart.ts", status: "modified" as const, additions: 12, deletions: 3 }];
  await world.rollOut(landingOf({ at: world.clock.now(), message: "feat: new data structure <!channel>", files }));

  const posted = () => world.slack.messages(shop).map(({ versions }) => textsOf(versions[0]?.blocks).join("\n"));
  const calls = () => posted().flatMap((text) => [...text.matchAll(/<(?:@|!subteam\^)(\w+)>/g)].map((match) => match[1]));
  await expect.poll(calls, { timeout: 120_000, interval: 250 }).toEqual(expect.arrayContaining(["U0ONCALL", "U0AUTHOR", "S0IT"]));
  expect(calls()).toHaveLength(3);
  expect(posted().join("\n")).not.toMatch(/<!(channel|here|everyone)/);
  expect(world.slack.messages(channel)).toEqual([]);
  expect(asked[0]).toBe("Token token=secret /oncalls?schedule_ids[]=PSHOP&include[]=users&limit=100");
});
