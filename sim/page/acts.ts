import { z } from "zod";
import type { LocalSlack } from "./slack.ts";
import type { ConsoleAct } from "./state.ts";

const values = z.record(z.string(), z.record(z.string(), z.union([z.string(), z.array(z.string())])));

const acts = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("press"),
    user: z.string(),
    channel: z.string(),
    ts: z.string(),
    actionId: z.string(),
    value: z.string().optional(),
  }),
  z.object({
    kind: z.literal("press-in-view"),
    user: z.string(),
    view: z.string(),
    actionId: z.string(),
    value: z.string().optional(),
    values,
  }),
  z.object({ kind: z.literal("submit"), user: z.string(), view: z.string(), values }),
  z.object({ kind: z.literal("close"), user: z.string(), view: z.string() }),
  z.object({
    kind: z.literal("write"),
    user: z.string(),
    channel: z.string(),
    threadTs: z.string().optional(),
    text: z.string().max(4000),
  }),
  z.object({ kind: z.literal("open-app"), user: z.string(), tab: z.enum(["home", "messages"]) }),
  z.object({
    kind: z.literal("message-shortcut"),
    user: z.string(),
    channel: z.string(),
    ts: z.string(),
    callbackId: z.string().max(255),
  }),
  z.object({ kind: z.literal("global-shortcut"), user: z.string(), callbackId: z.string().max(255) }),
  z.object({ kind: z.literal("console"), id: z.string() }),
]);

/** Something a person did on the page. */
export type Act = z.infer<typeof acts>;

/** What the page says about it: nothing, or a sentence. */
export interface ActOutcome {
  readonly ok: boolean;
  readonly say?: string;
}

/** Reads an act that a browser sent; undefined when it is none. */
export function parseAct(body: unknown): Act | undefined {
  return acts.safeParse(body).data;
}

/** Carries out an act: what a person does in Slack becomes a signed request to the program. */
export async function carryOut(slack: LocalSlack, consoleActs: readonly ConsoleAct[], act: Act): Promise<ActOutcome> {
  switch (act.kind) {
    case "press":
      return toOutcome(slack, await slack.pressButton({ ...act, message: { channel: act.channel, ts: act.ts } }));
    case "press-in-view":
      return toOutcome(slack, await slack.pressInView(act));
    case "submit":
      return await submit(slack, act);
    case "write":
      return await write(slack, act);
    case "open-app":
      // Nobody is told when the app does not listen: its page stays as it was.
      await slack.openHome(act);
      return { ok: true };
    case "message-shortcut":
      return toOutcome(slack, await slack.messageShortcut({ ...act, message: { channel: act.channel, ts: act.ts } }));
    case "global-shortcut":
      return toOutcome(slack, await slack.globalShortcut(act));
    case "console":
      return await runConsole(consoleActs, act.id);
    case "close":
      await slack.closeView(act);
      return { ok: true };
  }
}

async function submit(slack: LocalSlack, act: Extract<Act, { kind: "submit" }>): Promise<ActOutcome> {
  const submitted = await slack.submitView(act);
  if (submitted.kind !== "failed") return { ok: true };
  return { ok: false, say: `We had some trouble connecting. Try again? (${submitted.why})` };
}

async function runConsole(consoleActs: readonly ConsoleAct[], id: string): Promise<ActOutcome> {
  const act = consoleActs.find((each) => each.id === id);
  if (!act) return { ok: false, say: "There is no such act" };
  const say = await act.run();
  return { ok: true, ...(say ? { say } : {}) };
}

async function write(slack: LocalSlack, act: Extract<Act, { kind: "write" }>): Promise<ActOutcome> {
  const command = /^(\/\S+)\s*(.*)$/su.exec(act.text);
  if (!command) {
    const said = await slack.say({ ...act, text: mentionBot(slack, act.text) });
    return said.delivery ? toOutcome(slack, said.delivery) : { ok: true };
  }
  const answer = await slack.slashCommand({
    user: act.user,
    channel: act.channel,
    command: command[1] ?? "",
    text: command[2] ?? "",
  });
  return answer.refused ? { ok: false, say: `Slack does not take the answer: ${answer.refused}` } : toOutcome(slack, answer);
}

/** `@name` of the bot becomes a mention; everything else that a person types is escaped, as Slack's own client does. */
function mentionBot(slack: LocalSlack, text: string): string {
  const bot = slack.users.find(({ id }) => id === slack.botUser);
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return bot ? escaped.replaceAll(`@${bot.name}`, `<@${bot.id}>`) : escaped;
}

function toOutcome(slack: LocalSlack, delivery: { ok: boolean; status: number }): ActOutcome {
  if (delivery.ok) return { ok: true };
  const name = slack.users.find(({ id }) => id === slack.botUser)?.name ?? "The app";
  return { ok: false, say: delivery.status === 0 ? `${name} did not respond` : `${name} answered ${delivery.status}` };
}
