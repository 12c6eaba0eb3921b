import { asText, jsonList } from "#sim/slack/json.ts";
import { decode, readContent } from "#sim/slack/compose.ts";
import { SlackFailure } from "#sim/slack/failure.ts";
import { formatFile, putFile } from "#sim/slack/files.ts";
import { createId } from "#sim/slack/ids.ts";
import type { Json, SlackChannel, SlackFile } from "#sim/slack/types.ts";
import { putMessage, type Workspace } from "#sim/slack/workspace.ts";
import { fromBot, threadOf } from "./chat.ts";
import { directChannel } from "./direct.ts";
import { activeChannelOf, type Method, type MethodContext } from "./method.ts";

/** Longest description of a picture, in characters, and largest file, in bytes. */
const MAX_ALT_TEXT = 1000;
const MAX_FILE = 10_000_000;

function getUploadUrl(args: Json, { workspace, baseUrl }: MethodContext): Json {
  const name = asText(args.filename);
  const size = Number(args.length);
  if (!name || !Number.isInteger(size) || size <= 0) throw new SlackFailure("missing_argument");
  if (size > MAX_FILE) throw new SlackFailure("file_upload_size_restricted");
  const altText = asText(args.alt_txt) || asText(args.alt_text);
  if (altText.length > MAX_ALT_TEXT) throw new SlackFailure("alt_txt_too_large");
  const file: SlackFile = {
    id: createId("F"),
    name,
    title: name,
    size,
    ...(altText ? { altText } : {}),
    shares: [],
    wallAt: workspace.wallNow(),
  };
  workspace.files.set(file.id, file);
  return { upload_url: `${baseUrl}/upload/v1/${file.id}`, file_id: file.id };
}

function completeUpload(args: Json, context: MethodContext): Json {
  const { workspace } = context;
  const asked = jsonList(decode(args.files));
  if (asked.length === 0) throw new SlackFailure("invalid_arguments");
  const files = asked.map((each) => uploaded(each, workspace));
  const named = args.channel_id ?? args.channels;
  const channel = named === undefined || named === "" ? undefined : shareChannel(asText(named), context);
  const share = channel && { channel: channel.id, ts: shareFiles(args, files, channel, workspace) };
  const done = files.map((file) => ({
    ...file,
    completedAt: workspace.wallNow(),
    shares: share ? [...file.shares, share] : file.shares,
  }));
  for (const file of done) putFile(workspace, file);
  // The real one shares later and says nothing of the message here.
  return { files: done.map((file) => ({ ...formatFile(workspace, { ...file, shares: [] }) })) };
}

function uploaded(asked: Json, workspace: Workspace): SlackFile {
  const file = workspace.files.get(asText(asked.id));
  if (!file?.bytes) throw new SlackFailure("file_not_found");
  return { ...file, title: asText(asked.title) || file.title };
}

function shareChannel(id: string, context: MethodContext): SlackChannel {
  if (id.startsWith("#")) throw new SlackFailure("invalid_channel");
  return directChannel(id, context.workspace) ?? activeChannelOf({ channel: id }, context);
}

function shareFiles(args: Json, files: readonly SlackFile[], channel: SlackChannel, workspace: Workspace): string {
  const content = readContent(
    { text: args.initial_comment, ...(args.initial_comment ? {} : { blocks: args.blocks }) },
    workspace,
  );
  const message = {
    ...fromBot(workspace, channel.id, content),
    ...threadOf(workspace, channel.id, args.thread_ts),
    files: files.map(({ id }) => id),
  };
  putMessage(workspace, message);
  return message.ts;
}

function info(args: Json, { workspace }: MethodContext): Json {
  return { file: formatFile(workspace, named(args, workspace)), comments: [], response_metadata: { next_cursor: "" } };
}

function remove(args: Json, { workspace }: MethodContext): Json {
  const file = named(args, workspace);
  workspace.files.delete(file.id);
  for (const message of workspace.messages.values()) {
    if (message.files?.includes(file.id))
      putMessage(workspace, { ...message, files: message.files.filter((id) => id !== file.id) });
  }
  workspace.notify({ kind: "file", id: file.id });
  return {};
}

function named(args: Json, workspace: Workspace): SlackFile {
  const file = workspace.files.get(asText(args.file));
  if (file?.completedAt === undefined) throw new SlackFailure("file_not_found");
  return file;
}

/** Takes the bytes of an upload, raw or as a form; undefined where there is no such upload or the size is another. */
export async function receiveBytes(
  workspace: Workspace,
  id: string,
  contentType: string,
  body: Buffer,
): Promise<number | undefined> {
  const file = workspace.files.get(id);
  const bytes = contentType.startsWith("multipart/") ? await firstFile(contentType, body) : body;
  if (!file || file.completedAt !== undefined || bytes?.length !== file.size) return undefined;
  workspace.files.set(id, { ...file, bytes });
  return bytes.length;
}

async function firstFile(contentType: string, body: Buffer): Promise<Buffer | undefined> {
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": contentType } })
    .formData()
    .catch(() => undefined);
  const part = [...(form?.values() ?? [])].find((value) => typeof value !== "string");
  return part && Buffer.from(await part.arrayBuffer());
}

/** Methods about files. */
export const fileMethods: Readonly<Record<string, Method>> = {
  "files.getUploadURLExternal": { scope: "files:write", call: getUploadUrl },
  "files.completeUploadExternal": { scope: "files:write", call: completeUpload },
  "files.info": { scope: "files:read", call: info },
  "files.delete": { scope: "files:write", call: remove },
};
