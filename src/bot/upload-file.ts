import type { CallSlack } from "./web-client.ts";
import type { MessageRef } from "#domain/ports/store.ts";
import { TemporaryError, messageOf } from "#lib/errors.ts";

const sendWithinMs = 15_000;

/** A file for Slack. */
export interface FileToUpload {
  /** What it is in a sentence: `a picture`. */
  readonly what: string;
  readonly fileName: string;
  readonly title: string;
  readonly bytes: Uint8Array;
  /** Where it is put, and what is said with it: mrkdwn, escaped. Absent: it is seen where a message of ours shows it, and nowhere else. */
  readonly share?: { readonly thread: MessageRef; readonly comment: string };
}

/** Uploads a file in Slack's three steps, and answers with its id; nobody sees it before the last. */
export async function uploadFile(call: CallSlack, file: FileToUpload): Promise<string> {
  const { fileName: filename, title, bytes, share } = file;
  const what = `upload ${file.what} to Slack`;
  const place = await call(what, (client) => client.files.getUploadURLExternal({ filename, length: bytes.length }));
  const { upload_url: url, file_id: id } = place;
  if (url === undefined || id === undefined) throw new Error(`Cannot ${what}: the answer names no address for it`);
  await send(url, file);
  const files: [{ id: string; title: string }] = [{ id, title }];
  await call(what, (client) =>
    client.files.completeUploadExternal(
      share ? { files, channel_id: share.thread.channel, thread_ts: share.thread.ts, initial_comment: share.comment } : { files },
    ),
  );
  return id;
}

async function send(url: string, { what, bytes }: FileToUpload): Promise<void> {
  let status: number;
  try {
    const answer = await fetch(url, {
      method: "POST",
      body: new Blob([new Uint8Array(bytes)]),
      signal: AbortSignal.timeout(sendWithinMs),
    });
    await answer.body?.cancel();
    ({ status } = answer);
  } catch (error) {
    throw new TemporaryError(`Cannot send ${what} to Slack: ${messageOf(error)}`, { cause: error });
  }
  if (status !== 200) throw new TemporaryError(`Cannot send ${what} to Slack: it answered ${status}`);
}
