import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { skipWithoutBrowser, startBrowser } from "#test/browser.ts";
import { CHANNEL, NINA } from "#test/slack/bolt-app.ts";
import { callOn } from "#test/slack/call.ts";
import { INES, OTTO, startStage, type Stage } from "./stage.ts";
import { goTo } from "./views.ts";

describe.skipIf(skipWithoutBrowser())("on the page", () => {
  let browser: Browser;
  let stage: Stage;
  let page: Page;
  beforeAll(async () => void (browser = await startBrowser()));
  afterAll(async () => await browser?.close());
  beforeEach(async () => {
    stage = await startStage();
    await stage.tell();
    page = await browser.newPage({ viewport: { width: 1360, height: 900 } });
    await page.goto(stage.url);
    await page.getByRole("main").waitFor();
  });
  afterEach(async () => {
    await page.close();
    await stage[Symbol.asyncDispose]();
  });

  const be = async (name: string) => await page.getByRole("radio", { name }).check();
  const place = (name: RegExp) => page.getByRole("navigation", { name: "Workspace" }).getByRole("button", { name });

  it("what somebody has not seen is counted, for each persona", async () => {
    expect(await place(/deploys/).textContent()).toContain("2 new");
    await goTo(page, /deploys/);
    await page.getByText("Shipping the order index").waitFor();
    expect(await place(/deploys/).textContent()).not.toContain("new");

    await goTo(page, /incidents/);
    await stage.slack.say({ user: INES.id, channel: "C0DEPLOYS", text: "All good" });
    await place(/deploys.*1 new/).waitFor();
    await be(OTTO.realName);
    // His own message is not news to him.
    expect(await place(/deploys/).textContent()).toContain("2 new");
  });

  it("a direct message is seen by whom it is for", async () => {
    expect(await place(/k8s-why/).textContent()).toContain("1 new");
    await goTo(page, /k8s-why/);
    await page.getByText("to which you subscribed").waitFor();
    await page.getByPlaceholder("Message k8s-why").fill("/k8s-why subscribe");
    await page.keyboard.press("Enter");
    await page.getByRole("main").getByText("You will hear of it.").waitFor();

    await be(OTTO.realName);
    await page.getByText("Nothing yet.").waitFor();
    expect(await page.getByText("to which you subscribed").count()).toBe(0);
    expect(await place(/k8s-why/).textContent()).not.toContain("new");
  });

  it("the app's page is made for whoever opens it, and its buttons work", async () => {
    await goTo(page, /k8s-why/);
    await page.getByRole("tab", { name: "Messages" }).focus();
    await page.keyboard.press("ArrowLeft");
    await page.getByText("@Nina Abel: all steps").waitFor();
    await be(INES.realName);
    await page.getByText("@Ines Conti: all steps").waitFor();
    expect(await page.getByText("@Nina Abel: all steps").count()).toBe(0);

    await page.getByRole("button", { name: "Show" }).click();
    const dialog = page.getByRole("dialog", { name: "Silence" });
    await dialog.getByRole("textbox", { name: "The reason" }).fill("Load");
    await dialog.getByRole("textbox", { name: "The details" }).fill("A test");
    await dialog.getByRole("combobox", { name: "The cluster" }).selectOption("staging");
    await dialog.getByRole("button", { name: "Silence" }).click();
    await dialog.getByText("Say more").waitFor();
    expect(await dialog.getByRole("textbox", { name: "The reason" }).getAttribute("aria-invalid")).toBe("true");
    expect(stage.slack.views[0]?.user).toBe(INES.id);
  });

  it("a slash offers the app's commands, to be taken by the keyboard", async () => {
    const field = page.getByPlaceholder("Message #incidents");
    await field.fill("/k8s-why ");
    await page.getByRole("option", { name: "expect" }).waitFor();
    for (const key of ["ArrowDown", "ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
    expect(await page.getByRole("option", { selected: true }).textContent()).toContain("expect <workload>");
    await page.keyboard.press("Enter");
    expect(await field.inputValue()).toBe("/k8s-why expect ");
    await page.getByText("keeps me silent up to three times").waitFor();

    await field.fill("/");
    await page.getByRole("listbox").waitFor();
    await page.keyboard.press("Escape");
    expect(await page.getByRole("listbox").count()).toBe(0);
    await field.fill("/k8s-why api");
    await page.keyboard.press("Enter");
    await page.getByText("api is calm.").waitFor();
  });

  it("a message's menu has the app's shortcut, and the answer is for one alone", async () => {
    await goTo(page, /deploys/);
    const alert = page.getByRole("article").filter({ hasText: "Alert: p99" });
    await alert.getByRole("button", { name: "More actions" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Why?" }).waitFor();
    await page.keyboard.press("Enter");

    const answer = page.getByRole("article").filter({ hasText: "You ask why: Alert: p99 of shop/api" });
    await answer.getByText("Only visible to you").waitFor();
    expect(await answer.getByRole("button").count()).toBe(0);
    await be(OTTO.realName);
    expect(await answer.count()).toBe(0);
  });

  it("a picture is a picture, a table a table, and a Markdown file can be read and taken away", async () => {
    const picture = page.getByRole("main").getByRole("img", { name: "Replicas rose from 30 to 96" });
    await expect.poll(async () => await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(900);
    const thread = page.getByRole("complementary", { name: "Thread" });
    await thread.getByRole("img", { name: "Replicas of shop/api" }).waitFor();
    expect(await thread.getByRole("row").allTextContents()).toEqual(["WorkloadNow", "shop/api96", "shop/cart41"]);
    expect(await thread.getByText("A limit on the size").count()).toBe(0);
    await thread.getByRole("button", { name: "Show more" }).click();
    await thread.getByText("A limit on the size").waitFor();

    const downloading = page.waitForEvent("download");
    await thread.getByRole("link", { name: "Download incident-api.md" }).click();
    expect((await downloading).suggestedFilename()).toBe("incident-api.md");
  });

  it("a modal holds the focus, lets go of it by Escape, and gives it back", async () => {
    const opener = page.getByRole("main").getByRole("button", { name: "Roll back" });
    await opener.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByText("What will happen").waitFor();
    const isWithin = async () => await dialog.evaluate((each) => each.contains(document.activeElement));
    const seen: boolean[] = [];
    for (let presses = 0; presses < 8; presses += 1) {
      await page.keyboard.press("Tab");
      seen.push(await isWithin());
    }
    await page.keyboard.press("Shift+Tab");
    seen.push(await isWithin());
    expect(seen).toEqual(seen.map(() => true));

    await page.keyboard.press("F6");
    expect(await page.getByRole("radio", { name: NINA.realName }).evaluate((each) => each === document.activeElement)).toBe(true);
    await page.keyboard.press("F6");
    expect(await isWithin()).toBe(true);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await expect.poll(async () => await opener.evaluate((each) => each === document.activeElement)).toBe(true);
  });

  it("a modal that shows something else keeps the focus", async () => {
    await page.getByRole("main").getByRole("button", { name: "Roll back" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("checkbox").check();
    await dialog.getByRole("button", { name: "Roll back" }).focus();
    await page.keyboard.press("Enter");
    await dialog.getByText("On its way.").waitFor();

    await expect.poll(async () => await dialog.evaluate((each) => each.contains(document.activeElement))).toBe(true);
  });

  it("what comes in is told in one line to who listens", async () => {
    const live = page.locator("[aria-live=polite]");
    expect(await live.textContent()).toBe("");

    await callOn(stage.slack, "chat.postEphemeral", { channel: CHANNEL, user: OTTO.id, text: "For Otto" });
    await callOn(stage.slack, "chat.postMessage", { channel: CHANNEL, text: "shop/api is back" });

    await expect.poll(async () => await live.textContent()).toBe("k8s-why in incidents: shop/api is back");
  });

  it("an archived channel cannot be written to", async () => {
    await goTo(page, /old-alerts/);
    await page.getByText("This channel is archived.").waitFor();

    expect(await page.getByRole("main").getByRole("textbox").count()).toBe(0);
  });

  it("an app that takes no messages cannot be written to", async () => {
    await using other = await startStage({ isAppReadOnly: true });
    await page.goto(other.url);
    await goTo(page, /k8s-why/);
    await page.getByRole("tab", { name: "Messages" }).click();
    await page.getByText("Sending messages to this app has been turned off.").waitFor();

    expect(await page.getByRole("main").getByRole("textbox").count()).toBe(0);
  });

  it("a link to a message leads to it, and to its thread, without leaving the page", async () => {
    const [headline] = stage.slack.messages(CHANNEL);
    const url = `${stage.slack.url}/archives/${CHANNEL}/p${headline?.ts.replace(".", "")}`;
    await callOn(stage.slack, "chat.postMessage", { channel: "C0DEPLOYS", text: `See <${url}|the thread>.` });
    await page.getByRole("complementary", { name: "Thread" }).getByRole("button", { name: "Close thread" }).click();
    await goTo(page, /deploys/);
    await page.getByRole("link", { name: "the thread" }).click();

    await page.getByRole("main").getByRole("heading", { name: "incidents" }).waitFor();
    const thread = page.getByRole("complementary", { name: "Thread" });
    await thread.getByText("6 replies").waitFor();
    await expect.poll(async () => await thread.evaluate((each) => each.contains(document.activeElement))).toBe(true);
    expect(page.context().pages()).toHaveLength(1);
    expect(page.url()).toContain(stage.url);

    await thread.getByRole("button", { name: "Close thread" }).click();
    await goTo(page, /deploys/);
    await goTo(page, /incidents/);
    await page.getByRole("main").getByRole("heading", { name: "api: 96 replicas" }).waitFor();
    expect(page.context().pages()).toHaveLength(1);
  });

  it("a menu is never seen anywhere but at its button", async () => {
    await goTo(page, /deploys/);
    const opacity = await page.evaluate(() => {
      document.querySelector<HTMLElement>("[aria-label='More actions']")?.click();
      const menu = document.querySelector("[role=menu]");
      return menu && getComputedStyle(menu).opacity;
    });
    expect(opacity).toBe("0");
    const menu = page.getByRole("menuitem", { name: "Why?" });
    await menu.waitFor();
    await expect.poll(async () => (await menu.boundingBox())?.x ?? 0).toBeGreaterThan(600);
  });

  it("a narrow screen has a drawer, which Escape closes", async () => {
    await page.setViewportSize({ width: 400, height: 860 });
    await page.getByRole("button", { name: "Menu" }).click();
    await expect.poll(async () => await place(/incidents/).evaluate((each) => each === document.activeElement)).toBe(true);
    await page.keyboard.press("Escape");

    await page.getByRole("navigation", { name: "Workspace" }).waitFor({ state: "hidden" });
    const menu = page.getByRole("button", { name: "Menu" });
    expect(await menu.evaluate((each) => each === document.activeElement)).toBe(true);
  });
});
