// Makes the pictures of docs/pictures again, from a real run with a real browser, in about three minutes:
//   node test/story/screenshot.ts
// thread.png: suspect named, cap done, rollback ready. rollback.png: what a rollback will do. settled.png: the end.
// home.png: the app's page. commands.png: what a slash offers. why.png: "Why?" on an alert of another tool.
import { writeFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { castOf, channel as incidents } from "#sim/demo/cast.ts";
import { startBrowser } from "#test/browser.ts";
import { handsOn } from "./hands.ts";
import { shrinkPng } from "./png.ts";
import { startPageStory } from "./page-story.ts";

const folder = new URL("../../docs/pictures/", import.meta.url);

await using story = await startPageStory("runaway-commit", 1, 30);
await using browser = { browser: await startBrowser(), [Symbol.asyncDispose]: () => browser.browser.close() };
const page = await browser.browser.newPage({ viewport: { width: 1240, height: 1400 }, deviceScaleFactor: 1.5 });
page.setDefaultTimeout(120_000);
await page.goto(story.url);
// Slack alone: what only the demo has is left out.
await page.addStyleTag({
  content:
    ".s-sidebar, .s-composer, .s-modal-beside { display: none !important } .s-top { position: absolute; opacity: 0 } .s-modal { max-height: none !important }",
});
const { channel, thread, dialog, be, press, submit } = handsOn(page);
const first = "Yours is the first of two yeses.";

await press("Cap");
await submit();
await thread.getByText("Cap: done.").waitFor();
await channel.getByText("Mitigated").first().waitFor();
await channel
  .getByRole("img", { name: /^Replicas of/ })
  .first()
  .waitFor();
await thread
  .getByRole("img", { name: /^Timeline of/ })
  .first()
  .waitFor();
await page.setViewportSize({ width: 1240, height: 1_560 });
// At this speed minutes pass before the picture before is deleted: otherwise it is there for some seconds.
const picture = "article img[alt^='Timeline of']";
await page.addStyleTag({ content: `article:has(img[alt^="Timeline of"]):has(~ ${picture}) { display: none !important }` });
await thread
  .getByRole("img", { name: /^Timeline of/ })
  .last()
  .scrollIntoViewIfNeeded();
await take(page, "thread.png");
await page.setViewportSize({ width: 1240, height: 1_400 });
await takeBeside();

story.set.cluster.setSchema(...schemaBefore());
await byTwo("Down-migration", "tick");
await thread.getByText("Down-migration: done.").waitFor();
await press("Roll back");
// Tall enough to show all of it at once.
await page.setViewportSize({ width: 1240, height: 1_500 });
await take(dialog, "rollback.png");
await page.setViewportSize({ width: 1240, height: 1_080 });
await dialog.getByRole("button", { name: "Cancel" }).click();
await byTwo("Roll back", "tick");
await byTwo("Scale down nodes");
await channel.getByRole("heading", { name: "is back at" }).waitFor();
await thread.getByText("This incident is closed.").waitFor();
await take(channel.getByRole("article").first(), "settled.png");

/** On-call is the first, a colleague the second. */
async function byTwo(step: string, tick?: "tick"): Promise<void> {
  await press(step);
  if (tick) await dialog.getByRole("checkbox").check();
  await submit(first);
  await be("second approver");
  await press(`${step} as second`);
  if (tick) await dialog.getByRole("checkbox").check();
  await submit();
  await be("on call");
}

/** What the app shows beside its thread, to on-call, in a window of their own. */
async function takeBeside(): Promise<void> {
  const { slack, story: told } = story.set;
  const beside = await browser.browser.newPage({ viewport: { width: 1240, height: 900 }, deviceScaleFactor: 1.5 });
  beside.setDefaultTimeout(60_000);
  await beside.goto(story.url);
  const main = beside.getByRole("main");
  await main.getByRole("textbox").fill("/k8s-why ");
  await main.getByRole("listbox", { name: "Commands" }).waitFor();
  await take(main.locator(".s-composer"), "commands.png");
  await main.getByRole("textbox").fill("");

  const text = `FIRING: p99 of ${told.service.namespace}/${told.service.name} is above 800 ms`;
  const { message } = await slack.say({ user: castOf(told).second.id, channel: incidents, text });
  await main.locator(`[data-ts="${message.ts}"]`).getByRole("button", { name: "More actions" }).click();
  await beside.getByRole("menuitem", { name: "Why?" }).click();
  await take(main.getByRole("article").filter({ hasText: "Only visible to you" }).last(), "why.png");

  await beside.getByRole("navigation").getByRole("button", { name: "k8s-why" }).click();
  await beside.getByRole("tab", { name: "Home" }).click();
  await main.getByRole("heading", { level: 3 }).first().waitFor();
  await take(main, "home.png");
  await beside.close();
}

async function take(what: Page | Locator, name: string): Promise<void> {
  await ("page" in what ? what.page() : what).mouse.move(0, 0);
  await writeFile(new URL(name, folder), shrinkPng(await what.screenshot({ animations: "disabled" })));
}

function schemaBefore(): [database: string, version: number] {
  const { truth } = story.set.story;
  if (truth.kind !== "culprit" || !truth.schema) throw new Error("This story should have a migration");
  return [truth.schema.database, truth.schema.before];
}
