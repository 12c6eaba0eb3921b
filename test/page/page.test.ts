import { WebClient } from "@slack/web-api";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startPage } from "#sim/page/start-page.ts";
import type { LocalSlack } from "#sim/slack/local-slack.ts";
import { skipWithoutBrowser, startBrowser } from "#test/browser.ts";
import { aSlack, BOT_TOKEN, CHANNEL, NINA, startBolt } from "#test/slack/bolt-app.ts";
import { closing, filled, headline, loading, replies } from "./incident.ts";

describe.skipIf(skipWithoutBrowser())("the page in a browser", () => {
  let browser: Browser;
  let stack: AsyncDisposableStack;
  let slack: LocalSlack;
  let page: Page;
  let submitted: unknown[];

  beforeAll(async () => void (browser = await startBrowser()));
  afterAll(async () => await browser?.close());

  beforeEach(async () => {
    submitted = [];
    stack = new AsyncDisposableStack();
    slack = stack.use(await aSlack());
    stack.use(
      await startBolt(slack, (app) => {
        app.action("step:rollback", async ({ ack, body, client }) => {
          await ack();
          const opened = await client.views.open({ trigger_id: (body as { trigger_id: string }).trigger_id, view: loading });
          await client.views.update({ view_id: opened.view!.id!, view: filled });
        });
        app.view("step", async ({ ack, body, view }) => {
          submitted.push({ user: body.user.id, values: view.state.values, metadata: view.private_metadata });
          await ack({ response_action: "update", view: closing });
        });
        app.command("/k8s-why", async ({ ack, command }) => await ack(`*${command.text}* is calm`));
      }),
    );
    const site = stack.use(
      await startPage({
        slack,
        facts: () => ({ clockAt: Date.UTC(2026, 10, 22, 14, 5), items: [{ label: "Replicas", value: "96", tone: "bad" }] }),
        consoleActs: [{ id: "down", label: "Run the down-migration", run: () => "The schema is at 41" }],
        title: "The page",
        howTo: ["Press Cap."],
      }),
    );
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    stack.defer(async () => await page.close());
    await page.goto(site.url);
  });

  afterEach(async () => await stack.disposeAsync());

  async function post(): Promise<void> {
    const web = new WebClient(BOT_TOKEN, { slackApiUrl: slack.apiUrl });
    const { ts } = (await web.apiCall("chat.postMessage", { channel: CHANNEL, text: "api runs away", blocks: headline })) as {
      ts?: string;
    };
    for (const text of replies) await web.apiCall("chat.postMessage", { channel: CHANNEL, text, thread_ts: ts });
  }

  it("shows a message and its thread as they come, with foreign text escaped", async () => {
    await post();

    const main = page.getByRole("main");
    await main.getByRole("heading", { name: "api: 96 replicas, usually 30" }).waitFor();
    await page.getByRole("complementary", { name: "Thread" }).getByText("3 replies").waitFor();

    expect(await main.locator(".s-mention").allTextContents()).toEqual(["@Nina Abel", "@Otto Brandt"]);
    expect(await main.getByText("order index by region <!channel> &").count()).toBe(1);
    expect(await page.locator(".s-thread .s-mention", { hasText: "@channel" }).count()).toBe(1);
    expect(await page.getByText("Replicas").first().isVisible()).toBe(true);
  });

  it("folds a long text, as Slack does, but not one that wants to be shown whole", async () => {
    const text = (first: string) => ({ type: "mrkdwn", text: [first, ...Array<string>(12).fill("A change")].join("\n") });
    const blocks = [
      { type: "section", text: text("Changes") },
      { type: "section", text: text("Evidence"), expand: true },
    ];
    await new WebClient(BOT_TOKEN, { slackApiUrl: slack.apiUrl }).apiCall("chat.postMessage", {
      channel: CHANNEL,
      text: "long",
      blocks,
    });

    const more = page.getByRole("main").getByRole("button", { name: "See more" });
    await more.waitFor();
    expect(await more.count()).toBe(1);
    expect(await page.locator(".s-folded").allTextContents()).toEqual([expect.stringContaining("Changes")]);
    await more.click();
    await page.getByRole("button", { name: "See less" }).waitFor();
    expect(await page.locator(".s-folded").count()).toBe(0);
  });

  it("a press opens the modal, which fills, demands its checkbox, and closes with a word", async () => {
    await post();

    await page.getByRole("main").getByRole("button", { name: "Roll back" }).click();
    const modal = page.getByRole("dialog", { name: "Roll back" });
    await modal.getByText("What will happen").waitFor();
    await modal.getByRole("button", { name: "Roll back" }).click();
    await modal.getByText("Please complete this required field.").waitFor();
    expect(submitted).toEqual([]);
    await modal.getByRole("checkbox").check();
    await modal.getByRole("button", { name: "Roll back" }).click();
    await modal.getByText("On its way.").waitFor();
    await page.keyboard.press("Escape");
    await modal.waitFor({ state: "detached" });

    expect(submitted).toEqual([
      {
        user: NINA.id,
        metadata: filled.private_metadata,
        values: {
          migrations: { confirmed: expect.objectContaining({ selected_options: [expect.objectContaining({ value: "yes" })] }) },
        },
      },
    ]);
  });

  it("a slash command is answered to the one who typed it, and to nobody else", async () => {
    await page.getByPlaceholder("Message #incidents").fill("/k8s-why api");
    await page.keyboard.press("Enter");

    await page.getByText("Only visible to you").waitFor();
    expect(await page.getByText("api is calm").count()).toBe(1);
    await page.getByRole("radio", { name: "Otto Brandt" }).check();
    expect(await page.getByText("api is calm").count()).toBe(0);
  });

  it("a modal stays with the person who opened it, as they left it", async () => {
    await post();
    await page.getByRole("main").getByRole("button", { name: "Roll back" }).click();
    await page.getByRole("dialog").getByRole("checkbox").check();

    await page.getByRole("radio", { name: "Otto Brandt" }).check();
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.getByRole("main").getByRole("button", { name: "Roll back" }).click();
    await page.getByRole("dialog").getByText("What will happen").waitFor();
    expect(await page.getByRole("dialog").getByRole("checkbox").isChecked()).toBe(false);
    await page.getByRole("radio", { name: "Nina Abel" }).check();
    expect(await page.getByRole("dialog").getByRole("checkbox").isChecked()).toBe(true);

    expect(slack.views.map(({ user }) => user)).toEqual([NINA.id, "U0OTTO"]);
  });

  it("fits a phone, and is dark where the machine or the person wants it", async () => {
    await post();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: "dark" });
    await page.reload();
    await page.getByRole("main").getByRole("button", { name: "Roll back" }).click();
    await page.getByRole("dialog").getByText("What will happen").waitFor();

    const seen = () =>
      page.evaluate(() => ({
        paper: getComputedStyle(document.querySelector("main") ?? document.body).backgroundColor,
        tooWide: document.documentElement.scrollWidth > 390,
        tooHigh: (document.querySelector("dialog")?.getBoundingClientRect().bottom ?? 0) > 844,
      }));
    expect(await seen()).toEqual({ paper: "rgb(26, 29, 33)", tooWide: false, tooHigh: false });
    await page.getByRole("button", { name: "Dark", pressed: true }).click();
    expect(await seen()).toEqual({ paper: "rgb(255, 255, 255)", tooWide: false, tooHigh: false });
  });

  it("an act outside Slack runs and says what it did", async () => {
    await page.getByRole("button", { name: "Run the down-migration" }).click();

    expect(await page.getByRole("status").textContent()).toContain("The schema is at 41");
  });

  it("says so when the program does not answer", async () => {
    await post();
    slack.setEventsUrl("http://127.0.0.1:9/slack/events");

    await page.getByRole("main").getByRole("button", { name: "Cap at 96" }).click();

    expect(await page.getByRole("status").textContent()).toContain("k8s-why did not respond");
  });
});
