import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { skipWithoutBrowser, startBrowser } from "#test/browser.ts";
import { goTo } from "#test/page/views.ts";
import { handsOn } from "./hands.ts";
import { startPageStory, type PageStory } from "./page-story.ts";

const first = "Yours is the first of two yeses.";

// The real program as a process of its own, pressed by clicks in a real browser; in about three minutes.
describe.skipIf(skipWithoutBrowser())("a runaway, played on the page", () => {
  let browser: Browser;
  let story: PageStory;
  beforeAll(async () => {
    browser = await startBrowser();
    story = await startPageStory("runaway-commit", 1, 30);
  });
  afterAll(async () => {
    await story?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  it("is capped by one, rolled back and drained by two, and settled, by clicks alone", { timeout: 600_000 }, async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(90_000);
    const { truth } = story.set.story;
    if (truth.kind !== "culprit") throw new Error("This story should have a culprit");
    await page.goto(story.url);
    const { channel, thread, dialog, be, press, submit } = handsOn(page);

    await press("Cap");
    await channel
      .getByRole("link", { name: truth.sha.slice(0, 7) })
      .first()
      .waitFor();
    await submit();
    await thread.getByText("Cap: done.").waitFor();
    // The headline is edited a moment later: it has a pace of its own.
    await channel.getByRole("button", { name: "Cap…" }).waitFor({ state: "detached" });

    // Everybody finds on the app's page what it has to do with them, and from there the thread.
    for (const [role, why] of [
      ["wrote the change", "your change is suspected"],
      ["owns", "you own its code"],
      ["guest", "Nothing that is open has to do with you."],
      ["on call", "you approved a step"],
    ] as const) {
      await be(role);
      await goTo(page, /k8s-why/);
      await page.getByRole("tab", { name: "Home" }).click();
      await channel.getByText(why).waitFor();
      await channel.getByRole("link", { name: "To the thread" }).click();
      await channel.getByRole("heading", { name: "incidents" }).waitFor();
      await thread.getByText("Cap: done.").waitFor();
    }

    await press("Down-migration");
    await dialog.locator("button[type=submit]").click();
    await dialog.getByText("Please complete this required field.").waitFor();
    await dialog.getByRole("button", { name: "Run the down-migration" }).click();
    await dialog.getByRole("status").getByText("is back where the old code can use it").waitFor();
    await dialog.getByRole("checkbox").check();
    await submit(first);
    await be("second approver");
    await press("Down-migration as second");
    await dialog.getByText("has said yes. Yours is the second.").waitFor();
    await dialog.getByRole("checkbox").check();
    await submit();
    await thread.getByText("Down-migration: done.").waitFor();

    await be("on call");
    await press("Roll back");
    await dialog.getByText("The schema must go back together with the code.").waitFor();
    await dialog.getByRole("checkbox").check();
    await submit(first);
    await press("Roll back as second");
    await dialog.getByRole("checkbox").check();
    await submit("You have said yes already. It takes two different people");
    await be("second approver");
    await press("Roll back as second");
    await dialog.getByRole("checkbox").check();
    await submit();
    await thread.getByText("Roll back: done.").waitFor();

    await press("Scale down nodes");
    await submit(first);
    await be("wrote the change");
    await press("Scale down nodes as second");
    await submit("You wrote the suspected change: the second yes must come from somebody else.");
    expect(await thread.getByText("Scale down nodes: done.").count()).toBe(0);
    await be("on call");
    await press("Scale down nodes as second");
    await submit();
    const { service } = story.set.story;
    await channel.getByRole("heading", { name: `${service.namespace}/${service.name} is back at` }).waitFor();
    await thread.getByText("This incident is closed.").waitFor();

    expect(story.headline()?.state).toBe("Settled");
    expect(await channel.getByRole("heading", { level: 3 }).count()).toBe(1);
    expect(story.set.program.crashed()).toBeUndefined();
  });
});
