import type { Log } from "#lib/log.ts";
import type { PicturePort } from "#domain/ports/picture.ts";
import { TemporaryError, messageOf } from "#lib/errors.ts";
import { type CallSlack, slackReason } from "#bot/web-client.ts";
import { altText } from "./alt.ts";
import { chartOf } from "./chart-of.ts";
import { toPng } from "./png.ts";
import { renderChart } from "./render.ts";

const uploadWithinMs = 15_000;
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
        return { fileId: await upload(call, `timeline-${incident.id}.png`, chart.title, png), alt: altText(chart) };
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

/** In Slack's three steps, without a channel: the file is seen by those to whom a post of ours shows it, and nowhere else. */
async function upload(call: CallSlack, filename: string, title: string, png: Uint8Array): Promise<string> {
  const what = "upload a picture to Slack";
  const place = await call(what, (client) => client.files.getUploadURLExternal({ filename, length: png.length }));
  const { upload_url: url, file_id: id } = place;
  if (url === undefined || id === undefined) throw new Error(`Cannot ${what}: the answer names no address for it`);
  await send(url, png);
  await call(what, (client) => client.files.completeUploadExternal({ files: [{ id, title }] }));
  return id;
}

async function send(url: string, png: Uint8Array): Promise<void> {
  let status: number;
  try {
    const body = new Blob([new Uint8Array(png)], { type: "image/png" });
    const answer = await fetch(url, { method: "POST", body, signal: AbortSignal.timeout(uploadWithinMs) });
    await answer.body?.cancel();
    ({ status } = answer);
  } catch (error) {
    throw new TemporaryError(`Cannot send a picture to Slack: ${messageOf(error)}`, { cause: error });
  }
  if (status !== 200) throw new TemporaryError(`Cannot send a picture to Slack: it answered ${status}`);
}
