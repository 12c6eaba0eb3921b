import type { CallSlack } from "./web-client.ts";
import type { MessageRef } from "#domain/ports/store.ts";
import { TemporaryError, messageOf } from "#lib/errors.ts";

const sendWithinMs = 15_000;

/** A file to be put into a thread. */
export interface ThreadFile {
  readonly fileName: string;
  readonly title: string;
  readonly content: string;
  /** What is said with it: mrkdwn, escaped. */
  readonly comment: string;
  readonly thread: MessageRef;
}

/** Puts a text file into a thread, in Slack's three steps; it is not seen before the last. */
export async function uploadFile(call: CallSlack, { fileName, title, content, comment, thread }: ThreadFile): Promise<void> {
  const what = "put a file into a thread";
  const bytes = Buffer.from(content);
  const place = await call(what, (client) => client.files.getUploadURLExternal({ filename: fileName, length: bytes.length }));
  const { upload_url: url, file_id: id } = place;
  if (url === undefined || id === undefined) throw new Error(`Cannot ${what}: the answer names no address for it`);
  await send(url, bytes);
  await call(what, (client) =>
    client.files.completeUploadExternal({
      files: [{ id, title }],
      channel_id: thread.channel,
      thread_ts: thread.ts,
      initial_comment: comment,
    }),
  );
}

async function send(url: string, bytes: Buffer): Promise<void> {
  let status: number;
  try {
    const answer = await fetch(url, { method: "POST", body: new Uint8Array(bytes), signal: AbortSignal.timeout(sendWithinMs) });
    await answer.body?.cancel();
    ({ status } = answer);
  } catch (error) {
    throw new TemporaryError(`Cannot send a file to Slack: ${messageOf(error)}`, { cause: error });
  }
  if (status !== 200) throw new TemporaryError(`Cannot send a file to Slack: it answered ${status}`);
}
