import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LocalSlack } from "#sim/slack/local-slack.ts";
import { aSlack, CHANNEL } from "./bolt-app.ts";
import { callOn, clientOf } from "./call.ts";

let slack: LocalSlack;
const now = { wall: Date.UTC(2026, 0, 1) };
const scopes = ["chat:write", "files:write", "files:read", "channels:history"];
const picture = Buffer.from("not really a picture");

beforeEach(async () => void (slack = await aSlack({ scopes, wallNow: () => now.wall, fileProcessingMs: 1000 })));
afterEach(async () => await slack[Symbol.asyncDispose]());

const call = (method: string, args: Record<string, unknown> = {}) => callOn(slack, method, args);

async function upload(filename: string, body: Buffer | FormData = picture): Promise<string> {
  const { upload_url, file_id } = await call("files.getUploadURLExternal", { filename, length: picture.length });
  const response = await fetch(upload_url, { method: "POST", body: body instanceof FormData ? body : new Uint8Array(body) });
  expect(await response.text()).toBe(`OK - ${picture.length}`);
  return file_id;
}

const image = (id: string) => ({ type: "image", alt_text: "replicas", slack_file: { id } });

describe("a file", () => {
  it("is uploaded in three steps and shown in an image block, once Slack has looked at it", async () => {
    const id = await upload("timeline.png");
    const unfinished = await call("chat.postMessage", { channel: CHANNEL, text: "x", blocks: [image(id)] });
    const finished = await call("files.completeUploadExternal", { files: [{ id, title: "Timeline" }] });
    const early = await call("chat.postMessage", { channel: CHANNEL, text: "x", blocks: [image(id)] });
    now.wall += 1000;
    const posted = await call("chat.postMessage", { channel: CHANNEL, text: "x", blocks: [image(id)] });

    expect(unfinished.refused).toBe("invalid_blocks");
    expect(finished.files).toMatchObject([{ id, title: "Timeline", mimetype: "" }]);
    expect(early.response_metadata.messages).toEqual(["[ERROR] invalid slack file [json-pointer:/blocks/0/slack_file]"]);
    expect(posted.ok).toBe(true);
    expect(slack.file(id)).toMatchObject({ title: "Timeline", bytes: picture, shares: [] });
    expect(await call("files.info", { file: id })).toMatchObject({ file: { mimetype: "image/png", size: picture.length } });
  });

  it("goes into a thread by Slack's own client, with what is said of it", async () => {
    const { ts } = await call("chat.postMessage", { channel: CHANNEL, text: "parent" });
    const done = await clientOf(slack).filesUploadV2({
      channel_id: CHANNEL,
      thread_ts: ts,
      file: picture,
      filename: "report.md",
      initial_comment: "The report",
    });

    expect(done.ok).toBe(true);
    const reply = slack.messages(CHANNEL)[1]!;
    expect(reply).toMatchObject({ threadTs: ts, versions: [{ text: "The report" }], user: slack.botUser });
    expect(slack.file(reply.files![0]!)).toMatchObject({ name: "report.md", shares: [{ channel: CHANNEL, ts: reply.ts }] });
    now.wall += 1000;
    const { messages } = await call("conversations.replies", { channel: CHANNEL, ts });
    expect(messages[1]).toMatchObject({ subtype: "file_share", files: [{ name: "report.md", filetype: "markdown" }] });
  });

  it("may come as a form", async () => {
    const form = new FormData();
    form.append("filename", new Blob([new Uint8Array(picture)]), "timeline.png");

    const id = await upload("timeline.png", form);
    await call("files.completeUploadExternal", { files: [{ id }] });

    expect(slack.file(id)?.bytes).toEqual(picture);
  });

  it("of another length than announced, or of no upload, is not taken", async () => {
    const { upload_url, file_id } = await call("files.getUploadURLExternal", { filename: "a.png", length: 3 });

    expect((await fetch(upload_url, { method: "POST", body: "four" })).status).toBe(400);
    expect((await fetch(`${upload_url}X`, { method: "POST", body: "one" })).status).toBe(400);
    expect(await call("files.completeUploadExternal", { files: [{ id: file_id }] })).toMatchObject({ refused: "file_not_found" });
  });

  it.each([
    ["files.getUploadURLExternal", { filename: "a.png" }, "missing_argument"],
    ["files.getUploadURLExternal", { filename: "a.png", length: 0 }, "missing_argument"],
    ["files.getUploadURLExternal", { filename: "a.png", length: 1, alt_txt: "x".repeat(1001) }, "alt_txt_too_large"],
    ["files.completeUploadExternal", { files: [{ id: "F0NOWHERE00" }] }, "file_not_found"],
    ["files.completeUploadExternal", { files: [] }, "invalid_arguments"],
    ["files.info", { file: "F0NOWHERE00" }, "file_not_found"],
    ["files.delete", { file: "F0NOWHERE00" }, "file_not_found"],
  ])("%s %j is refused as Slack refuses it", async (method, args, error) => {
    expect(await call(method, args)).toMatchObject({ refused: error });
  });

  it("goes nowhere where the bot may not post", async () => {
    const id = await upload("a.md");
    slack.changeChannel(CHANNEL, { bot: "removed" });

    expect(await call("files.completeUploadExternal", { files: [{ id }], channel_id: CHANNEL })).toMatchObject({
      refused: "not_in_channel",
    });
  });

  it("that is no picture is not shown in an image block", async () => {
    const id = await upload("timeline.svg");
    await call("files.completeUploadExternal", { files: [{ id }] });
    now.wall += 1000;

    expect(await call("chat.postMessage", { channel: CHANNEL, text: "x", blocks: [image(id)] })).toMatchObject({
      refused: "invalid_blocks",
    });
  });

  it("can be deleted, and is gone from its message", async () => {
    const id = await upload("a.md");
    await call("files.completeUploadExternal", { files: [{ id }], channel_id: CHANNEL });

    expect(await call("files.delete", { file: id })).toMatchObject({ ok: true });
    expect(slack.file(id)).toBeUndefined();
    expect(slack.messages(CHANNEL)[0]!.files).toEqual([]);
    expect(await call("files.info", { file: id })).toMatchObject({ refused: "file_not_found" });
  });

  it("is told about under a scope of its own", async () => {
    await using bare = await aSlack({ scopes: ["chat:write"] });

    expect(await callOn(bare, "files.info")).toMatchObject({ refused: "missing_scope", needed: "files:read" });
    expect(await callOn(bare, "files.getUploadURLExternal")).toMatchObject({ refused: "missing_scope", needed: "files:write" });
  });
});
