import { extname } from "node:path";
import { asText, isJson, jsonList } from "./json.ts";
import type { Json, SlackFile } from "./types.ts";
import type { Workspace } from "./workspace.ts";

/** What Slack makes of a name's ending; kinds that it shows as a picture in an image block are marked. */
const KINDS: Readonly<Record<string, { mimetype: string; filetype: string; pretty: string; picture?: true }>> = {
  ".png": { mimetype: "image/png", filetype: "png", pretty: "PNG", picture: true },
  ".jpg": { mimetype: "image/jpeg", filetype: "jpg", pretty: "JPEG", picture: true },
  ".jpeg": { mimetype: "image/jpeg", filetype: "jpg", pretty: "JPEG", picture: true },
  ".gif": { mimetype: "image/gif", filetype: "gif", pretty: "GIF", picture: true },
  ".svg": { mimetype: "image/svg+xml", filetype: "svg", pretty: "SVG" },
  ".md": { mimetype: "text/markdown", filetype: "markdown", pretty: "Markdown (raw)" },
  ".txt": { mimetype: "text/plain", filetype: "text", pretty: "Plain Text" },
  ".csv": { mimetype: "text/csv", filetype: "csv", pretty: "CSV" },
  ".json": { mimetype: "application/json", filetype: "javascript", pretty: "JSON" },
};

/** Media type, Slack's short name and its words for a file, by the ending of its name. */
export function kindOf(name: string): { mimetype: string; filetype: string; pretty: string; picture?: true } {
  return KINDS[extname(name).toLowerCase()] ?? { mimetype: "application/octet-stream", filetype: "binary", pretty: "Binary" };
}

/** Stores or replaces a file and tells those who watch. */
export function putFile(workspace: Workspace, file: SlackFile): void {
  workspace.files.set(file.id, file);
  workspace.notify({ kind: "file", id: file.id });
}

/** A file as the Web API shows one; nothing is known of its kind until Slack has looked at it. */
export function formatFile(workspace: Workspace, file: SlackFile): Json {
  const kind = kindOf(file.name);
  const looked = isReady(workspace, file);
  const created = Math.floor(file.wallAt / 1000);
  const place = `${workspace.team.id}-${file.id}`;
  const where = (prefix: string): string[] => file.shares.map(({ channel }) => channel).filter((id) => id.startsWith(prefix));
  return {
    id: file.id,
    created,
    timestamp: created,
    name: file.name,
    title: file.title,
    mimetype: looked ? kind.mimetype : "",
    filetype: looked ? kind.filetype : "",
    pretty_type: looked ? kind.pretty : "",
    user: workspace.app.botUser,
    user_team: workspace.team.id,
    mode: "hosted",
    is_external: false,
    size: file.size,
    is_public: file.shares.length > 0,
    url_private: `https://files.slack.com/files-pri/${place}/${file.name}`,
    url_private_download: `https://files.slack.com/files-pri/${place}/download/${file.name}`,
    permalink: permalinkOf(workspace, file),
    ...(file.altText ? { alt_txt: file.altText } : {}),
    channels: where("C"),
    groups: where("G"),
    ims: where("D"),
    shares: { public: Object.fromEntries(file.shares.map(({ channel, ts }) => [channel, [{ ts }]])) },
  };
}

function permalinkOf(workspace: Workspace, file: SlackFile): string {
  return `https://${workspace.team.domain}.slack.com/files/${workspace.app.botUser}/${file.id}/${file.name}`;
}

/** Whether an upload was finished and Slack has had its time to look at it. */
function isReady(workspace: Workspace, file: SlackFile): boolean {
  return file.completedAt !== undefined && workspace.wallNow() - file.completedAt >= workspace.fileProcessingMs;
}

/** Sentences about pictures in blocks that are not there, not looked at yet, or none: as Slack, it says no more than that. */
export function refuseFiles(workspace: Workspace, blocks: readonly Json[], pointer: string): string[] {
  return blocks.flatMap((block, index) => {
    const at = `${pointer}/${index}`;
    const places: [Json, string][] = [
      [block, at],
      ...(isJson(block.accessory) ? [[block.accessory, `${at}/accessory`] as [Json, string]] : []),
      ...jsonList(block.elements).map((element, place) => [element, `${at}/elements/${place}`] as [Json, string]),
    ];
    return places
      .filter(([each]) => each.type === "image" && isJson(each.slack_file) && !isPicture(workspace, each.slack_file))
      .map(([, where]) => `[ERROR] invalid slack file [json-pointer:${where}/slack_file]`);
  });
}

function isPicture(workspace: Workspace, named: Json): boolean {
  const file = findFile(workspace, named);
  return file !== undefined && isReady(workspace, file) && kindOf(file.name).picture === true;
}

/** The file that a `slack_file` names by its id, or by its private address or permalink. */
function findFile(workspace: Workspace, named: Json): SlackFile | undefined {
  if (named.id !== undefined) return workspace.files.get(asText(named.id));
  return [...workspace.files.values()].find((file) => {
    const { url_private, permalink } = formatFile(workspace, file);
    return named.url === url_private || named.url === permalink;
  });
}
