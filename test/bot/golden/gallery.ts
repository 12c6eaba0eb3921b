// Pictures of every golden card, as the local page shows them, to be looked at:
//   node test/bot/golden/gallery.ts FOLDER [--width 400] [--dark] [--only WORD]
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { WebClient } from "@slack/web-api";
import type { Page } from "playwright-core";
import { answers } from "./answers.ts";
import { type Golden, isModal, isView } from "./golden.ts";
import { homes } from "./homes.ts";
import { lookedUp } from "./looked-up.ts";
import type { HomeView } from "#bot/blocks.ts";
import { messages } from "./messages.ts";
import { modals } from "./modals.ts";
import { quieter } from "./quiet.ts";
import { startPage } from "#sim/page/start-page.ts";
import { uploadFile } from "#bot/upload-file.ts";
import { aSlack, BOT_TOKEN, CHANNEL, NINA, startBolt } from "#test/slack/bolt-app.ts";
import { startBrowser } from "#test/browser.ts";
import { NOON } from "#test/builders.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    width: { type: "string", default: "900" },
    dark: { type: "boolean", default: false },
    only: { type: "string", default: "" },
  },
});
const folder = positionals[0] ?? "gallery";
const people = [
  NINA,
  { id: "U0OTTO", name: "otto", realName: "Otto Brandt" },
  { id: "U0ADA", name: "ada", realName: "Ada Lovelace" },
];
const group = { id: "S0OPS", handle: "sre-on-call", name: "SRE on call", users: [NINA.id] };
await mkdir(folder, { recursive: true });
await using stack = new AsyncDisposableStack();
const slack = stack.use(await aSlack({ users: people, userGroups: [group], clock: { now: () => NOON } }));
stack.use(
  await startBolt(slack, (app) => {
    app.command("/k8s-why", async ({ ack, command, client }) => {
      await ack();
      const golden = modals.find(({ name }) => name === command.text);
      if (golden && isModal(golden.card)) await client.views.open({ trigger_id: command.trigger_id, view: golden.card });
    });
  }),
);
await using site = await startPage({ slack, facts: () => ({ clockAt: NOON, items: [] }), title: "Cards", howTo: [] });
const browser = await startBrowser();
const page = await browser.newPage({
  viewport: { width: Number(values.width), height: 2_400 },
  colorScheme: values.dark ? "dark" : "light",
  deviceScaleFactor: 1.25,
});
await page.goto(site.url);
const web = new WebClient(BOT_TOKEN, { slackApiUrl: slack.apiUrl });
const pictureId = await uploadFile((_, ask) => ask(web), {
  what: "a picture",
  fileName: "timeline.png",
  title: "Timeline",
  bytes: await readFile("docs/pictures/timeline.png"),
});
for (const golden of [...messages, ...answers, ...lookedUp, ...quieter, ...modals, ...homes]) {
  if (golden.name.includes(values.only)) await draw(golden, page);
}
await browser.close();

async function draw({ name, card }: Golden, on: Page): Promise<void> {
  const path = join(folder, `${name}${values.dark ? "-dark" : ""}.png`);
  if (isView(card) && !isModal(card)) return drawHome(card, on, path);
  if (isView(card)) {
    await slack.slashCommand({ user: NINA.id, command: "/k8s-why", text: name, channel: CHANNEL });
    const dialog = on.getByRole("dialog");
    await dialog.waitFor();
    await dialog.screenshot({ path });
    await slack.closeView({ user: NINA.id, view: slack.views.at(-1)?.id ?? "" });
    await dialog.waitFor({ state: "detached" });
    return;
  }
  const blocks = JSON.parse(JSON.stringify(card.blocks).replaceAll("F0PICTURE", pictureId)) as unknown;
  const { ts } = (await web.apiCall("chat.postMessage", { channel: CHANNEL, text: card.text, blocks })) as { ts?: string };
  const message = on.getByRole("main").locator(`[data-ts="${String(ts)}"]`);
  await message.waitFor();
  await message.screenshot({ path });
}

/** The app's own page. Its place is chosen in the sidebar, which narrow windows hide. */
async function drawHome(view: HomeView, on: Page, path: string): Promise<void> {
  await web.views.publish({ user_id: NINA.id, view });
  await on.setViewportSize({ width: 1_100, height: 2_400 });
  const sidebar = on.getByRole("navigation", { name: "Workspace" });
  await sidebar.getByRole("listitem").nth(1).getByRole("button").click();
  await on.setViewportSize({ width: Number(values.width), height: 2_400 });
  const home = on.getByRole("region", { name: "Home" });
  await home.getByText("Refresh").waitFor();
  await home.screenshot({ path });
  await on.setViewportSize({ width: 1_100, height: 2_400 });
  await sidebar.getByRole("listitem").first().getByRole("button").click();
  await on.setViewportSize({ width: Number(values.width), height: 2_400 });
}
