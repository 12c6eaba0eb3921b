import { fillIds, refuseBlocks } from "./blocks/validate.ts";
import { refuseFiles } from "./files.ts";
import { failWith, SlackFailure } from "./failure.ts";
import { isJson, jsonList, parseJson } from "./json.ts";
import type { Json, Version } from "./types.ts";
import type { Workspace } from "./workspace.ts";

/** What a call says that a message shall show; undefined where it says nothing. */
export interface Content {
  readonly text?: string;
  readonly blocks?: readonly Json[];
  readonly attachments?: readonly Json[];
  readonly metadata?: Json;
}

/** Longest text of a post, in characters. Slack may also cut it there and answer with a warning; here it is refused, so that nobody relies on the cut. */
const MAX_TEXT = 40_000;

/** Reads text, blocks, attachments and metadata of a call, refusing what Slack refuses. */
export function readContent(args: Json, workspace: Workspace): Content {
  const text = typeof args.text === "string" ? args.text : undefined;
  if (text !== undefined && text.length > MAX_TEXT) throw new SlackFailure("msg_too_long");
  return {
    text,
    blocks: readBlocks(args.blocks, workspace),
    attachments: args.attachments === undefined ? undefined : jsonList(decode(args.attachments)),
    metadata: readMetadata(args.metadata),
  };
}

/** Whether nothing at all would be shown. */
export function isEmpty(content: Content): boolean {
  return !content.text?.trim() && !content.blocks?.length && !content.attachments?.length;
}

/** A version that shows a content, now. */
export function toVersion(workspace: Workspace, content: Content): Version {
  return {
    wallAt: workspace.wallNow(),
    clockAt: workspace.clock.now(),
    text: content.text ?? "",
    blocks: content.blocks ?? [],
    attachments: content.attachments ?? [],
    ...(content.metadata ? { metadata: content.metadata } : {}),
  };
}

/** A value that may have come as JSON text in a form field. */
export function decode(value: unknown): unknown {
  return typeof value === "string" ? parseJson(value) : value;
}

function readBlocks(value: unknown, workspace: Workspace): Json[] | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const blocks = decode(value);
  if (!Array.isArray(blocks)) throw new SlackFailure("invalid_blocks_format");
  const refusal = refuseBlocks(blocks, workspace.takesCharts ? [] : ["data_visualization"]);
  if (refusal) throw failWith(refusal.error, refusal.messages);
  const missing = refuseFiles(workspace, jsonList(blocks), "/blocks");
  if (missing.length > 0) throw failWith("invalid_blocks", missing);
  return fillIds(jsonList(blocks));
}

function readMetadata(value: unknown): Json | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const metadata = decode(value);
  if (!isJson(metadata)) throw new SlackFailure("invalid_metadata_format");
  if (Object.keys(metadata).length === 0) return metadata;
  if (typeof metadata.event_type !== "string" || !isJson(metadata.event_payload))
    throw new SlackFailure("invalid_metadata_schema");
  if (JSON.stringify(metadata).length > 16_000) throw new SlackFailure("metadata_too_large");
  return metadata;
}
