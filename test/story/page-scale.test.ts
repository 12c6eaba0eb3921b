import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { skipWithoutBrowser, startBrowser } from "#test/browser.ts";
import { startPage } from "#sim/page/start-page.ts";
import { handsOn } from "./hands.ts";
import { landingOf, namespace, repositoryName, shopObjects, templateOf } from "./small-shop.ts";
import { startWorld, type World } from "./world.ts";

const first = "Yours is the first of two yeses.";
const personas = [
  { user: "U0ONCALL", role: "on call" },
  { user: "U0SECOND", role: "second approver" },
];

describe.skipIf(skipWithoutBrowser())("a workload without an autoscaler, played on the page", () => {
  let browser: Browser;
  let world: World;
  let page: AsyncDisposable & { readonly url: string };
  beforeAll(async () => {
    browser = await startBrowser();
    const objects = shopObjects("it").filter(({ kind }) => kind !== "HorizontalPodAutoscaler");
    world = await startWorld({ objects, rate: 25 });
    const facts = () => ({ clockAt: world.clock.now(), items: [] });
    page = await startPage({ slack: world.slack, facts, personas, title: "No autoscaler", howTo: [] });
  });
  afterAll(async () => {
    await page?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  it("gets another count by two, and its own back by two", { timeout: 600_000 }, async () => {
    const commit = landingOf({ at: world.clock.now(), message: "feat: wait for a port that nobody opens" });
    await world.github.push(repositoryName, [commit]);
    const bad = templateOf(commit.sha, 0.01);
    const annotations = { ...bad.metadata.annotations, "load/never-ready": "true" };
    const template = { ...bad, metadata: { ...bad.metadata, annotations } };
    world.cluster.apply({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "it", namespace },
      spec: { template },
    });

    const tab = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    tab.setDefaultTimeout(90_000);
    await tab.goto(page.url);
    const { channel, thread, dialog, be, submit } = handsOn(tab);
    const replicas = () => world.cluster.store.get("apps/v1/deployments", namespace, "it")?.spec?.["replicas"];
    const pick = async (act: string) => {
      const asides = channel.getByLabel("Undo, or something else…");
      await asides.locator("option", { hasText: act }).waitFor({ state: "attached" });
      await asides.selectOption({ label: act });
      await dialog.locator("button[type=submit]").waitFor();
    };

    const usual = Number(replicas());
    for (const act of ["Set the count", "Undo the new count"]) {
      const before = replicas();
      await be("on call");
      await pick(act);
      await submit(first);
      expect(replicas()).toBe(before);
      await be("second approver");
      await pick(act);
      await submit();
      await thread.getByText(`${act}: done.`).waitFor();
      expect(replicas()).not.toBe(before);
    }
    expect(replicas()).toBe(usual);
    expect(world.program.crashed()).toBeUndefined();
  });
});
