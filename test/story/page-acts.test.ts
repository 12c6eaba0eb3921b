import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { skipWithoutBrowser, startBrowser } from "#test/browser.ts";
import { handsOn } from "./hands.ts";
import { startPageStory, type PageStory } from "./page-story.ts";

const first = "Yours is the first of two yeses.";
const within = { timeout: 90_000, interval: 250 };

// A surge of traffic names no change, so the revision to go back to is a person's choice, and everything else may be wanted too.
describe.skipIf(skipWithoutBrowser())("the acts beside the plan, pressed on the page", () => {
  let browser: Browser;
  let story: PageStory;
  beforeAll(async () => {
    browser = await startBrowser();
    story = await startPageStory("traffic-surge", 1, 25);
  });
  afterAll(async () => {
    await story?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  it("each changes the cluster, with two people where the policy says two", { timeout: 900_000 }, async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(90_000);
    await page.goto(story.url);
    const { channel, thread, dialog, be, press, submit } = handsOn(page);
    const { store } = story.set.cluster;
    const { namespace, name } = story.set.story.service;
    const deployment = () => store.get("apps/v1/deployments", namespace, name)?.spec;
    const template = () => JSON.stringify(deployment()?.["template"]);
    /** What no autoscaler moves. */
    const untouched = () => JSON.stringify([deployment()?.["paused"], deployment()?.["template"]]);
    const ceiling = () => store.get("autoscaling/v2/horizontalpodautoscalers", namespace, name)?.spec?.["maxReplicas"];
    const cordoned = () => [...store.list("v1/nodes")].filter(({ spec }) => spec?.["unschedulable"] === true).length;

    const pick = async (act: string) => {
      const asides = channel.getByLabel("Undo, or something else…");
      await asides.locator("option", { hasText: act }).waitFor({ state: "attached" });
      await asides.selectOption({ label: act });
      await dialog.locator("button[type=submit]").waitFor();
    };
    const done = (step: string) => thread.getByText(`${step}: done.`).waitFor();
    const byTwo = async (act: string, look: () => Promise<void> = async () => {}) => {
      await be("on call");
      await pick(act);
      await look();
      const before = untouched();
      await submit(first);
      expect(untouched()).toBe(before);
      await be("second approver");
      await pick(act);
      await submit();
      await be("on call");
    };

    const usual = ceiling();
    await press("Cap");
    await submit();
    await done("Cap");
    expect(ceiling()).toBeLessThan(Number(usual));
    await pick("Give the ceiling back");
    await submit();
    await done("Give the ceiling back");
    expect(ceiling()).toBe(usual);

    await pick("Hold the rollout");
    await submit();
    await done("Hold the rollout");
    expect(deployment()?.["paused"]).toBe(true);
    await byTwo("Let the rollout go on");
    await done("Let the rollout go on");
    expect(deployment()?.["paused"] ?? false).toBe(false);

    await pick("Cordon the new nodes");
    await submit();
    await done("Cordon the new nodes");
    expect(cordoned()).toBeGreaterThan(0);
    await pick("Uncordon the nodes");
    await submit();
    await done("Uncordon the nodes");
    expect(cordoned()).toBe(0);

    const surging = template();
    let chosen = "";
    await byTwo("Roll back to a revision…", async () => {
      const revisions = dialog.locator("select");
      if (chosen === "") chosen = (await revisions.locator("option").last().getAttribute("value")) ?? "";
      await revisions.selectOption(chosen);
      await expect.poll(() => revisions.inputValue(), within).toBe(chosen);
      await dialog.locator("button[type=submit]").waitFor();
    });
    await done("Roll back");
    expect(template()).not.toBe(surging);
    await byTwo("Undo the rollback");
    await done("Undo the rollback");
    expect(template()).toBe(surging);

    await byTwo("Restart all pods");
    await done("Restart all pods");
    expect(template()).toContain("restartedAt");

    await press("Lower the ceiling");
    await submit();
    await done("Lower the ceiling");
    expect(ceiling()).toBeLessThan(Number(usual));
    expect(story.set.program.crashed()).toBeUndefined();
  });
});
