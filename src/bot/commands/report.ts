import { type Answer, type Command, saying } from "./command.ts";
import { code, link } from "#bot/escape.ts";
import { renderChoices } from "#bot/cards/choices.ts";
import { person, when } from "#bot/words.ts";
import type { ReportAnswer, ReportDraft } from "#domain/ports/report.ts";
import type { Tools } from "#bot/listeners/tools.ts";
import { messageOf } from "#lib/errors.ts";
import { section } from "#bot/blocks.ts";
import { slackReason } from "#bot/web-client.ts";
import { toName } from "./named.ts";
import { uploadFile } from "#bot/upload-file.ts";

/** The post-incident report, as a file in the incident's thread. */
export const report: Command = {
  words: ["report"],
  section: "decide",
  help: [
    {
      type: "report <incident or workload>",
      does: "puts the incident's report into its thread, as a Markdown file.",
    },
  ],
  answer: async (tools, { rest, user }) => {
    const asked = toName(rest);
    if (asked === "") return saying("Of which incident? Say its id, or the name of its workload, such as `shop/web`.");
    try {
      return answerOf(tools, asked, await tools.report.report({ asked, user }, (draft) => share(tools, draft)));
    } catch (error) {
      const why = whyNot[slackReason(error) ?? ""];
      if (why === undefined) throw error;
      tools.log.error({ reason: messageOf(error) }, "A report could not be put into its thread");
      return saying(`The report could not be put into its thread: ${why}.`);
    }
  },
};

/** What somebody can do about it. */
const whyNot: Readonly<Record<string, string>> = {
  missing_scope: "the app lacks the scope `files:write`. Whoever installed it can add that",
  not_in_channel: "the app is not in that channel any more. Invite it",
  channel_not_found: "the app is not in that channel any more. Invite it",
  is_archived: "that channel is archived",
  file_uploads_disabled: "this workspace takes no files",
  restricted_action: "the app may not post in that channel",
};

async function share({ call }: Tools, { fileName, title, markdown, number, user, thread }: ReportDraft): Promise<void> {
  const version = number === 1 ? "The incident report" : `The incident report, version ${number}: something has changed since`;
  await uploadFile(call, {
    what: "a report",
    fileName,
    title,
    bytes: Buffer.from(markdown),
    share: { thread, comment: `${version}. ${person(user)} asked for it.` },
  });
}

function answerOf({ threads, now }: Tools, asked: string, answer: ReportAnswer): Answer {
  if (answer.kind === "refused") return saying(answer.text);
  if (answer.kind === "unknown") return unknown(asked, answer.similar);
  const { kind, incidentId, workload, number, at, thread } = answer;
  threads.remember(incidentId, thread);
  const place = link(threads.addressOf(incidentId), "the thread");
  const text =
    kind === "shared"
      ? `The report of ${code(workload, 200)} is in ${place}, version ${number}.`
      : `The report of ${code(workload, 200)} is in ${place} already: version ${number} of ${when(at, now())}. Nothing has changed since.`;
  return { card: { text, blocks: [section(text)] }, isPersonal: true };
}

function unknown(asked: string, similar: readonly string[]): Answer {
  if (similar.length === 0)
    return saying(`No incident is on record under ${code(asked, 100)}: say its id, or a workload that has had one.`);
  return { card: renderChoices(asked, { kind: "several", keys: similar }), isPersonal: true };
}
