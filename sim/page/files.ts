import { kindOf } from "#sim/slack/files.ts";
import type { LocalSlack, SlackFile } from "./slack.ts";
import type { PageFile } from "./state.ts";

/** How much of a text is shown before somebody asks for the rest, in characters. */
const MAX_BEGINNING = 4000;

/** A file of the workspace, as a browser gets it. */
interface ServedFile {
  readonly type: string;
  readonly name: string;
  readonly body: Buffer;
}

/** A file as the page shows it. */
export function toPageFile({ id, name, title, size, altText, bytes }: SlackFile): PageFile {
  const { mimetype, picture } = kindOf(name);
  const kind = picture ? "picture" : isText(mimetype) ? "text" : "other";
  const beginning = kind === "text" && bytes ? { beginning: bytes.toString("utf8").slice(0, MAX_BEGINNING) } : {};
  return { id, name, title, size, kind, ...(altText ? { altText } : {}), ...beginning };
}

/** The file at `/files/<id>`; undefined for any other path. What could run in a browser comes as text. */
export function findServedFile(slack: LocalSlack, path: string): ServedFile | undefined {
  const id = /^\/files\/(F[A-Z0-9]{8,})$/u.exec(path)?.[1];
  const file = id === undefined ? undefined : slack.file(id);
  if (!file?.bytes) return undefined;
  const { mimetype, picture } = kindOf(file.name);
  const type = picture ? mimetype : isText(mimetype) ? "text/plain; charset=utf-8" : "application/octet-stream";
  return { type, name: file.name, body: file.bytes };
}

function isText(mimetype: string): boolean {
  return mimetype.startsWith("text/") || mimetype === "application/json";
}
