import { createHash } from "node:crypto";
import { fillIds, refuseView } from "./blocks/validate.ts";
import { decode } from "./compose.ts";
import { refuseFiles } from "./files.ts";
import { failWith, SlackFailure } from "./failure.ts";
import { createId } from "./ids.ts";
import { isJson, jsonList } from "./json.ts";
import type { Json, View } from "./types.ts";
import { putView, type Workspace } from "./workspace.ts";

/** Most modals on top of each other: https://docs.slack.dev/surfaces/modals */
const MAX_STACK = 3;

/** Reads a view of a call, refusing what Slack refuses. */
export function readView(value: unknown, workspace: Workspace, type: "modal" | "home" = "modal"): Json {
  const view = decode(value);
  const refusal = refuseView(view, type);
  if (refusal) throw failWith(refusal.error, refusal.messages);
  if (!isJson(view)) throw new SlackFailure("invalid_arguments");
  const missing = refuseFiles(workspace, jsonList(view.blocks), "/view/blocks");
  if (missing.length > 0) throw failWith("invalid_arguments", missing);
  return { ...view, blocks: fillIds(jsonList(view.blocks)) };
}

/** Opens a modal for a user, on top of `parent` where there is one. */
export function openView(workspace: Workspace, user: string, content: Json, parent?: View): View {
  refuseSameExternalId(workspace, content);
  if (parent && stackOf(workspace, parent).length >= MAX_STACK) throw new SlackFailure("push_limit_reached");
  const id = createId("V");
  const view: View = {
    id,
    user,
    hash: hashOf(workspace, content),
    rootViewId: parent?.rootViewId ?? id,
    ...(parent ? { previousViewId: parent.id } : {}),
    open: true,
    view: content,
    earlier: [],
    errors: {},
    ...timesOf(workspace),
  };
  putView(workspace, view);
  return view;
}

/** Gives an open modal new content, by id or external id; a hash guards against races. */
export function updateView(workspace: Workspace, view: View, content: Json, hash?: string): View {
  if (hash && hash !== view.hash) throw new SlackFailure("hash_conflict");
  refuseSameExternalId(workspace, content, view.id);
  const next: View = {
    ...view,
    hash: hashOf(workspace, content),
    view: content,
    earlier: [...view.earlier, view.view],
    errors: {},
    ...timesOf(workspace),
  };
  putView(workspace, next);
  return next;
}

/** Shows a view on the app's page for a user, in place of what was there; a hash guards against races. */
export function publishHome(workspace: Workspace, user: string, content: Json, hash?: string): View {
  const before = workspace.homes.get(user);
  if (hash && hash !== before?.hash) throw new SlackFailure("hash_conflict");
  refuseSameExternalId(workspace, content, before?.id);
  const id = before?.id ?? createId("V");
  const earlier = before ? [...before.earlier, before.view] : [];
  const shown = { open: true, view: content, hash: hashOf(workspace, content), earlier, errors: {} };
  const view: View = { id, user, rootViewId: id, ...shown, ...timesOf(workspace) };
  workspace.homes.set(user, view);
  workspace.notify({ kind: "view", id });
  return view;
}

/** Closes one modal, or the whole stack it stands in. */
export function closeViews(workspace: Workspace, view: View, all: boolean): void {
  const closing = all ? stackOf(workspace, view) : [view];
  for (const each of closing) putView(workspace, { ...each, open: false, errors: {} });
}

/** Open modals on top of each other, in no order. */
export function stackOf(workspace: Workspace, view: View): View[] {
  return [...workspace.views.values()].filter((each) => each.open && each.rootViewId === view.rootViewId);
}

function timesOf(workspace: Workspace): { wallAt: number; clockAt: number } {
  return { wallAt: workspace.wallNow(), clockAt: workspace.clock.now() };
}

function hashOf(workspace: Workspace, content: Json): string {
  const digest = createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 8);
  return `${workspace.nextTs()}.${digest}`;
}

function refuseSameExternalId(workspace: Workspace, content: Json, except?: string): void {
  if (!content.external_id) return;
  const taken = [...workspace.views.values(), ...workspace.homes.values()].some(
    (each) => each.id !== except && each.view.external_id === content.external_id,
  );
  if (taken) throw new SlackFailure("duplicate_external_id");
}
