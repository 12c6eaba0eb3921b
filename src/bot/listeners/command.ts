import type { App } from "@slack/bolt";
import type { Card } from "#bot/blocks.ts";
import type { Tools } from "./tools.ts";
import { createRecent } from "#bot/recent.ts";
import { messageOf } from "#lib/errors.ts";
import { renderExplanation } from "#bot/cards/explanation.ts";
import { isExpect, parseExpect } from "#bot/expect-text.ts";
import { renderExpectAnswer } from "#bot/cards/expectation.ts";
import { renderAudit } from "#bot/cards/audit-list.ts";
import { renderSentences } from "#bot/cards/sentences.ts";
import { section } from "#bot/blocks.ts";
import { escape } from "#bot/escape.ts";
import { person } from "#bot/words.ts";
import { renderHelp } from "#bot/cards/help.ts";
import { renderIncidentList } from "#bot/cards/incident-list.ts";

/** `/k8s-why`, under whatever name Slack knows it: what is open, why one workload is at its size, help. Only the asker sees the answer, but what is expected is said to all. */
export function listenForCommands(app: App, tools: Tools): void {
  const recent = createRecent<void>();
  app.command(/^\//, async ({ ack, command, respond }) => {
    await ack();
    await recent.once(command.trigger_id, async () => {
      const { card, isForAll = false } = await answer(tools, command.command, command.text ?? "", command.user_id);
      await respond({ response_type: isForAll ? "in_channel" : "ephemeral", text: card.text, blocks: card.blocks });
    });
  });
}

interface Answer {
  readonly card: Card;
  /** Everybody in the channel sees it. */
  readonly isForAll?: boolean;
}

async function answer(tools: Tools, command: string, text: string, user: string): Promise<Answer> {
  const { press, threads, now, log } = tools;
  const asked = text.trim().slice(0, 400);
  try {
    if (asked === "") return { card: renderIncidentList(await press.openIncidents(), now(), (id) => threads.addressOf(id)) };
    if (asked === "help") return { card: renderHelp(command) };
    if (asked === "whoami") return { card: renderSentences("What you may do", await press.whoami(user)) };
    const audit = /^audit(?:\s+(\S{1,200}))?$/.exec(asked);
    if (audit) return { card: renderAudit(await press.auditOf(audit[1]), now(), audit[1]) };
    if (/^(stop|go)\b/.test(asked)) return await answerStop(tools, asked, user);
    if (isExpect(asked)) return await answerExpect(tools, asked, user);
    const explanation = await press.explain(asked);
    const thread = explanation.kind === "incident" ? threads.addressOf(explanation.incident.id) : undefined;
    return { card: renderExplanation(asked, explanation, { now: now(), ...(thread === undefined ? {} : { thread }) }) };
  } catch (error) {
    log.error({ reason: messageOf(error) }, "A command could not be answered");
    return { card: { text: "I cannot look that up right now. Please try again in a moment.", blocks: [] } };
  }
}

/** Everybody in the channel reads that acts are off, or on again, and who said so. */
async function answerStop({ press }: Tools, asked: string, user: string): Promise<Answer> {
  const [word = "", ...rest] = asked.split(/\s+/);
  const reason = rest.join(" ");
  const { done, text } = await press.stop({ user, on: word === "stop", ...(reason !== "" && { reason }) });
  const said = done ? `${person(user)}: ${text}${reason === "" ? "" : ` Reason: ${escape(reason, 300)}`}` : text;
  return {
    card: { text: done ? text : said, blocks: [section(`${word === "stop" && done ? ":octagonal_sign: " : ""}${said}`)] },
    isForAll: done,
  };
}

/** Somebody says that a workload will grow: that silences us, so all may see who said it. */
async function answerExpect({ call, press, now, log }: Tools, asked: string, user: string): Promise<Answer> {
  const zone = await call("read a person's time zone", (client) => client.users.info({ user })).then(
    (found) => found.user?.tz ?? "UTC",
    (error: unknown) => {
      log.warn({ reason: messageOf(error) }, "A time of day is read as UTC");
      return "UTC";
    },
  );
  const request = parseExpect(asked, now(), zone);
  if ("problem" in request) return { card: { text: request.problem, blocks: [] } };
  const answer = await press.expect({ ...request, user });
  if (answer.kind === "unknown") return { card: renderExplanation(request.workload, answer, { now: now() }) };
  const isForAll = answer.kind === "set" || (answer.kind === "off" && answer.was);
  return { card: renderExpectAnswer(answer, user, now()), isForAll };
}
