import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { skipWithoutBrowser, startBrowser } from "#test/browser.ts";
import { handsOn } from "./hands.ts";
import { startPageStory, type PageStory } from "./page-story.ts";

// The real program as a process of its own, pressed by clicks in a real browser; about a minute and a half.
describe.skipIf(skipWithoutBrowser())("a runaway, played on the page", () => {
  let browser: Browser;
  let story: PageStory;
  beforeAll(async () => {
    browser = await startBrowser();
    story = await startPageStory("runaway-commit", 1, 60);
  });
  afterAll(async () => {
    await story?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  it("is capped, rolled back with its schema, drained and settled by clicks alone", { timeout: 180_000 }, async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(60_000);
    const { truth } = story.set.story;
    if (truth.kind !== "culprit") throw new Error("This story should have a culprit");
    await page.goto(story.url);
    const { channel, thread, dialog, press, submit } = handsOn(page);

    await press("Cap");
    expect(await channel.getByRole("link", { name: truth.sha.slice(0, 7) }).count()).toBeGreaterThan(0);
    await submit();
    await thread.getByText("Cap: done.").waitFor();
    expect(await channel.getByRole("button", { name: "Cap…" }).count()).toBe(0);

    await press("Roll back");
    await dialog.getByText("The schema must go back together with the code.").waitFor();
    await dialog.locator("button[type=submit]").click();
    await dialog.getByText("Please complete this required field.").waitFor();
    await dialog.getByRole("button", { name: "Run the down-migration" }).click();
    await dialog.getByText("is back where the old code can use it").waitFor();
    await dialog.getByRole("checkbox").check();
    await submit();
    await thread.getByText("Roll back: done.").waitFor();

    await press("Scale down nodes");
    await submit();
    const { service } = story.set.story;
    await channel.getByRole("heading", { name: `${service.namespace}/${service.name} is back at` }).waitFor();
    await thread.getByText("This incident is closed.").waitFor();

    expect(story.headline()?.state).toBe("Settled");
    expect(await channel.getByRole("heading", { level: 3 }).count()).toBe(1);
    expect(story.set.program.crashed()).toBeUndefined();
  });
});
