import { globSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { describe, expect, it } from "vitest";

/**
 * Every method of the Web API that the code calls, with the bot scope it needs; history is optional. From the pages of the methods at
 * https://docs.slack.dev/reference/methods.
 */
const scopeOf: Readonly<Record<string, string | undefined>> = {
  "auth.test": undefined,
  "chat.delete": "chat:write",
  "chat.postEphemeral": "chat:write",
  "chat.postMessage": "chat:write",
  "chat.update": "chat:write",
  "conversations.history": "optional",
  "conversations.replies": "optional",
  "files.completeUploadExternal": "files:write",
  "files.delete": "files:write",
  "files.getUploadURLExternal": "files:write",
  "usergroups.users.list": "usergroups:read",
  "users.info": "users:read",
  "users.lookupByEmail": "users:read.email",
  "views.open": undefined,
  "views.publish": undefined,
  "views.update": undefined,
};
/** What an event needs: https://docs.slack.dev/reference/events. */
const scopeOfEvent: Readonly<Record<string, string | undefined>> = {
  app_home_opened: undefined,
  app_mention: "app_mentions:read",
};

interface Manifest {
  readonly features: {
    readonly app_home?: { readonly home_tab_enabled: boolean; readonly messages_tab_enabled: boolean };
    readonly shortcuts?: readonly { readonly callback_id: string; readonly type: string }[];
    readonly slash_commands: readonly { readonly command: string; readonly url?: string }[];
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[]; readonly bot_optional: readonly string[] } };
  readonly settings: {
    readonly event_subscriptions: { readonly bot_events: readonly string[]; readonly request_url?: string };
    readonly interactivity: { readonly is_enabled: boolean; readonly request_url?: string };
    readonly socket_mode_enabled: boolean;
  };
}

const read = (name: string) => parse(readFileSync(`deploy/${name}`, "utf8")) as Manifest;
const http = read("slack-manifest.yaml");
const socket = read("slack-manifest-socket.yaml");
const sources = globSync("src/**/*.ts").map((path) => readFileSync(path, "utf8"));
const found = (pattern: RegExp) =>
  [...new Set(sources.flatMap((text) => [...text.matchAll(pattern)].map(([, name = ""]) => name)))].toSorted();
const methods = found(/\bclient\s*\.((?:[a-zA-Z]+\.)+[a-zA-Z]+)\(/g);
const events = found(/\bapp\.event\(\s*"(\w+)"/g);
const sorted = (names: Iterable<string | undefined>) => [...new Set(names)].filter((name) => name !== undefined).toSorted();

describe("the Slack app's manifest", () => {
  it("is held against what the code calls", () => {
    expect(methods).toEqual(Object.keys(scopeOf).toSorted());
    expect(events).toEqual(Object.keys(scopeOfEvent).toSorted());
  });

  it("is told of every way to Slack: what is not written as above would not be found", () => {
    expect(found(/\bapp\s*\.(\w+)[<(]/g)).toEqual(["action", "command", "error", "event", "shortcut", "view"]);
    expect(found(/\.(apiCall|filesUploadV2|chatStream)\b/g)).toEqual([]);
    expect(found(/\bapp\s*\.event\(\s*([^"\s])/g)).toEqual([]);
  });

  it("has the scopes that are needed, and no other", () => {
    const needed = [...methods.map((name) => scopeOf[name]), ...events.map((name) => scopeOfEvent[name]), "commands"];
    expect(sorted([...http.oauth_config.scopes.bot, "optional"])).toEqual(sorted(needed));
    expect(http.oauth_config.scopes.bot_optional).toEqual(["channels:history", "groups:history"]);
  });

  it("subscribes to the events that are listened to, and no other", () =>
    expect(sorted(http.settings.event_subscriptions.bot_events)).toEqual(events));

  it("names the shortcuts that are listened to, and no other", () => {
    const shortcuts = found(/\bapp\.shortcut(?:<\w+>)?\(\s*(?:\{[^}]*callback_id:\s*)?"([\w-]+)"/g);
    expect(sorted((http.features.shortcuts ?? []).map(({ callback_id }) => callback_id))).toEqual(shortcuts);
  });

  it("has a home tab exactly where one is published", () =>
    expect(http.features.app_home?.home_tab_enabled ?? false).toBe(methods.includes("views.publish")));

  it("lets the app write direct messages: without its Messages tab Slack refuses them", () =>
    expect(http.features.app_home?.messages_tab_enabled).toBe(true));

  it("turns on what buttons and the command need", () => {
    expect(http.settings.interactivity.is_enabled).toBe(true);
    const commands = http.features.slash_commands.map(({ command }) => command);
    // Under whatever name Slack knows it, one command is heard; our texts name it.
    expect(found(/\bapp\.command\(\s*([^,]+),/g)).toEqual(["/^\\//"]);
    // The one other is a path of our own.
    expect(found(/`(\/[a-z][\w-]*)(?=[ `])/g).filter((name) => name !== "/readyz")).toEqual(commands);
  });

  it("for Socket Mode is the same, without addresses", () => {
    const withoutAddresses = JSON.parse(JSON.stringify(http, (key, value: unknown) => (key.endsWith("url") ? undefined : value)));
    expect(socket).toEqual({ ...withoutAddresses, settings: { ...withoutAddresses.settings, socket_mode_enabled: true } });
    expect(http.settings.socket_mode_enabled).toBe(false);
  });
});
