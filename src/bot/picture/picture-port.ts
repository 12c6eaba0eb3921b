import type { Log } from "#lib/log.ts";
import type { PicturePort } from "#domain/ports/picture.ts";
import { TemporaryError, messageOf } from "#lib/errors.ts";
import { type CallSlack, slackReason } from "#bot/web-client.ts";
import { altText } from "./alt.ts";
import { chartOf } from "./chart-of.ts";
import { toPng } from "./png.ts";
import { uploadFile } from "#bot/upload-file.ts";
import { renderChart } from "./render.ts";

/** After "this app may not" nobody is asked for so long, in wall ms. */
const restMs = 3_600_000;
/** What "never, as things are" sounds like. */
const lasting = new Set([
  "missing_scope",
  "not_allowed_token_type",
  "unknown_method",
  "file_uploads_disabled",
  "method_not_supported",
]);

/** Draws pictures, and keeps them as files of ours in Slack. */
export function createPicturePort(options: { call: CallSlack; wallNow: () => number; log: Log }): PicturePort {
  const { call, wallNow, log } = options;
  let restUntil = 0;
  return {
    drawPicture: async (incident, samples) => {
      if (wallNow() < restUntil) return undefined;
      const chart = chartOf(incident, samples);
      const png = await toPng(renderChart(chart));
      try {
        const fileName = `timeline-${incident.id}.png`;
        const fileId = await uploadFile(call, { what: "a picture", fileName, title: chart.title, bytes: png });
        return { fileId, alt: altText(chart) };
      } catch (error) {
        if (!lasting.has(slackReason(error) ?? "")) throw error;
        restUntil = wallNow() + restMs;
        log.warn({ reason: messageOf(error) }, "Headlines go without a picture: Slack takes no files from this app");
        return undefined;
      }
    },
    dropPicture: async (fileId, post) => {
      const what = "delete an old picture in Slack";
      if (post)
        await unlessGone(
          log,
          call(what, (client) => client.chat.delete(post)),
        );
      await unlessGone(
        log,
        call(what, (client) => client.files.delete({ file: fileId })),
      );
    },
  };
}

/** An old picture that stays hurts nobody. */
async function unlessGone(log: Log, deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (error instanceof TemporaryError) throw error;
    const isGone = ["file_not_found", "file_deleted", "message_not_found"].includes(slackReason(error) ?? "");
    if (!isGone) log.warn({ reason: messageOf(error) }, "An old picture stays in Slack");
  }
}
