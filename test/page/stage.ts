import { crc32, deflateSync } from "node:zlib";
import type { HomeView, KnownBlock, ModalView } from "@slack/web-api";
import type { LocalSlack } from "#sim/slack/local-slack.ts";
import { startPage, type PageOptions } from "#sim/page/start-page.ts";
import { aSlack, CHANNEL, NINA, startBolt } from "#test/slack/bolt-app.ts";
import { callOn, clientOf } from "#test/slack/call.ts";
import { closing, filled, headline, loading, replies } from "./incident.ts";

export const OTTO = { id: "U0OTTO", name: "otto", realName: "Otto Brandt" };
export const INES = { id: "U0INES", name: "ines", realName: "Ines Conti" };
const GIL = { id: "U0GIL", name: "gil", realName: "Gil Visitor", is: "guest" } as const;
const DEPLOYS = "C0DEPLOYS";
const NOON = Date.UTC(2026, 10, 22, 14, 5);

/** A workspace with everything that the page can show, and the page of it. */
export interface Stage extends AsyncDisposable {
  readonly slack: LocalSlack;
  readonly url: string;
  /** An incident with its thread, a picture, a chart and a report. */
  tell(): Promise<void>;
  /** Closes every modal that somebody left open. */
  closeModals(): Promise<void>;
}

const plain = (text: string) => ({ type: "plain_text" as const, text });
const line = (text: string): KnownBlock => ({ type: "section", text: { type: "mrkdwn", text } });

const options = ["prod", "staging"].map((value) => ({ text: plain(value), value }));
const input = (block_id: string, element: object): KnownBlock =>
  ({ type: "input", block_id, label: plain(`The ${block_id}`), hint: plain("As you know it"), element }) as KnownBlock;

/** A modal with every kind of input. */
const form: ModalView = {
  type: "modal",
  callback_id: "form",
  title: plain("Silence"),
  submit: plain("Silence"),
  blocks: [
    input("reason", { type: "plain_text_input", action_id: "a" }),
    input("details", { type: "plain_text_input", action_id: "b", multiline: true, placeholder: plain("In a few words") }),
    input("cluster", { type: "static_select", action_id: "c", options }),
    input("end", { type: "radio_buttons", action_id: "d", options, initial_option: options[0] }),
    { ...line("Where else?"), accessory: { type: "static_select", action_id: "e", options } } as KnownBlock,
  ],
};

/** The app's page for a user. */
function homeOf(user: string): HomeView {
  const shown = { type: "button", action_id: "home:show", value: "i1", text: plain("Show") } as const;
  return {
    type: "home",
    blocks: [
      { type: "header", text: plain("Open incidents") },
      { ...line(":red_circle: *shop/api* 96 replicas, usually 30, since 14:02"), accessory: shown } as KnownBlock,
      { type: "divider" },
      { type: "header", text: plain("What you may do") },
      line(`<@${user}>: all steps in \`prod/shop\`, with a second yes for a rollback.`),
      { type: "context", elements: [{ type: "mrkdwn", text: "Watching 41 workloads. All sources are heard." }] },
    ],
  };
}

const HELP = [
  "I watch workloads.",
  "• `/k8s-why <workload>` says why it is at its size.",
  "• `/k8s-why incidents` lists the open incidents.",
  "• `/k8s-why expect <workload> x3 until 18:00` keeps me silent up to three times its usual.",
  "• `/k8s-why whoami` says what you may press, and why.",
].join("\n");

/** Starts the stage; `more` changes its page. */
export async function startStage(more: Partial<PageOptions> = {}): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const channels = [
    { id: CHANNEL, name: "incidents", topic: "What k8s-why says" },
    { id: DEPLOYS, name: "deploys" },
    { id: "C0OLD", name: "old-alerts", isArchived: true },
  ];
  const slack = stack.use(await aSlack({ users: [NINA, OTTO, INES, GIL], channels, clock: { now: () => NOON } }));
  stack.use(
    await startBolt(slack, (app) => {
      app.command("/k8s-why", async ({ ack, command, respond, client }) => {
        await ack();
        const blocks = [line(command.text === "help" ? HELP : `*${command.text}* is calm.`)];
        await respond({ text: command.text, blocks });
        if (command.text === "subscribe")
          await client.apiCall("chat.postMessage", { channel: command.user_id, text: "You will hear of it." });
      });
      app.event("app_home_opened", async ({ event, client }) => {
        if (event.tab === "home") await client.views.publish({ user_id: event.user, view: homeOf(event.user) });
      });
      app.shortcut("why", async ({ ack, shortcut, respond }) => {
        await ack();
        if (shortcut.type === "message_action") await respond(`You ask why: ${shortcut.message.text}`);
      });
      app.action("home:show", async ({ ack, body, client }) => {
        await ack();
        await client.views.open({ trigger_id: (body as { trigger_id: string }).trigger_id, view: form });
      });
      app.view("form", async ({ ack }) => await ack({ response_action: "errors", errors: { reason: "Say more" } }));
      app.action(/^step:/, async ({ ack, body, client }) => {
        await ack();
        const opened = await client.views.open({ trigger_id: (body as { trigger_id: string }).trigger_id, view: loading });
        await client.views.update({ view_id: opened.view!.id!, view: filled });
      });
      app.view("step", async ({ ack }) => await ack({ response_action: "update", view: closing }));
    }),
  );
  const page = stack.use(
    await startPage({
      slack,
      facts: () => ({ clockAt: NOON, items: [{ label: "api replicas", value: "96/96 ready", tone: "bad" }] }),
      consoleActs: [{ id: "down", label: "Run the down-migration", hint: "Takes the schema back.", run: () => "Done" }],
      personas: [
        { user: NINA.id, role: "on call" },
        { user: OTTO.id, role: "wrote the change" },
        { user: INES.id, role: "owns api" },
        { user: GIL.id, role: "guest" },
      ],
      commands: ["/k8s-why"],
      shortcuts: [{ type: "message", name: "Why?", callbackId: "why" }],
      title: "k8s-why demo",
      ...more,
      howTo: ["You are Nina Abel, on call.", "At any time: /k8s-why api."],
    }),
  );
  const closeModals = async () => {
    for (const { id, user, open } of slack.views) if (open) await slack.closeView({ user, view: id });
  };
  const all = stack.move();
  return { slack, url: page.url, tell: () => tellIncident(slack), closeModals, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

async function tellIncident(slack: LocalSlack): Promise<void> {
  const web = clientOf(slack);
  const post = async (args: Record<string, unknown>) => await callOn(slack, "chat.postMessage", args);
  await slack.say({ user: OTTO.id, channel: DEPLOYS, text: "Shipping the order index" });
  await post({ channel: DEPLOYS, text: "Alert: p99 of shop/api is above 800 ms" });
  const picture = aPicture(900, 300);
  const { file_id: id, upload_url } = await web.files.getUploadURLExternal({ filename: "timeline.png", length: picture.length });
  await fetch(upload_url!, { method: "POST", body: new Uint8Array(picture) });
  await web.files.completeUploadExternal({ files: [{ id: id! }] });
  const image = { type: "image", slack_file: { id: id! }, alt_text: "Replicas rose from 30 to 96 after 14:00" } as const;
  const [title, ...rest] = headline;
  const blocks = [title!, image, ...rest];
  const { ts } = await post({ channel: CHANNEL, text: "shop/api: 96 replicas, usually 30", blocks });
  for (const text of replies) await post({ channel: CHANNEL, text, thread_ts: ts });
  await post({ channel: CHANNEL, text: "Replicas", blocks: [chart], thread_ts: ts });
  await post({ channel: CHANNEL, text: "Others", blocks: [table], thread_ts: ts });
  const into = { channel_id: CHANNEL, thread_ts: ts, initial_comment: "The report of this incident." };
  await web.filesUploadV2({ ...into, file: Buffer.from(REPORT), filename: "incident-api.md", title: "Incident of 22 November" });
  await post({ channel: NINA.id, text: "*shop/api*, to which you subscribed, has an incident." });
}

const categories = ["13:50", "13:55", "14:00", "14:05"];
const chart = {
  type: "data_visualization",
  title: "Replicas of shop/api",
  chart: {
    type: "line",
    series: [
      { name: "Replicas", data: [30, 31, 60, 96].map((value, index) => ({ label: categories[index], value })) },
      { name: "Usual", data: [30, 30, 30, 30].map((value, index) => ({ label: categories[index], value })) },
    ],
    axis_config: { categories, x_label: "time", y_label: "replicas" },
  },
};

const cells = (...texts: readonly string[]) => texts.map((text) => ({ type: "raw_text", text }));
const table = {
  type: "table",
  column_settings: [{ is_wrapped: true }, { align: "right" }],
  rows: [cells("Workload", "Now"), cells("shop/api", "96"), cells("shop/cart", "41")],
};

const REPORT = `# Incident of 22 November: shop/api

Replicas rose from 30 to 96. Cause: 9f1c2ab, order index by region.

## Times

| what | when |
|---|---|
| began | 14:00 |
| noticed | 14:02 |
| mitigated | 14:09 |
| settled | 14:31 |

## What would have caught it earlier

- A rollout that waits for cost per request.
- A limit on the size of one query.
- A second region.
`;

/** A PNG with a slope in it. */
function aPicture(width: number, height: number): Buffer {
  const rows = Array.from({ length: height }, (_, y) =>
    Buffer.from([0, ...Array.from({ length: width }, (_, x) => (height - y < 60 + (x > 500 ? (x - 500) * 0.5 : 0) ? 120 : 240))]),
  );
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  const chunks = [chunk("IHDR", head), chunk("IDAT", deflateSync(Buffer.concat(rows))), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), ...chunks]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
