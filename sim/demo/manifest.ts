import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { PageOptions } from "#sim/page/start-page.ts";

interface Manifest {
  readonly features: {
    readonly app_home: { readonly messages_tab_read_only_enabled: boolean };
    readonly slash_commands: readonly { readonly command: string }[];
    readonly shortcuts?: readonly { readonly name: string; readonly type: "message" | "global"; readonly callback_id: string }[];
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[]; readonly bot_optional: readonly string[] } };
}

/** The scopes that an app made from our manifest is granted: what the manifest forgets is missing in stories too. */
export function grantedScopes(): readonly string[] {
  const { bot, bot_optional: optional } = readManifest().oauth_config.scopes;
  return [...bot, ...optional];
}

/** What an app made from our manifest puts before people: its commands, what stands in menus, and whether they can write to it. */
export function appFeatures(): Pick<PageOptions, "commands" | "shortcuts" | "isAppReadOnly"> {
  const { app_home: home, slash_commands: commands, shortcuts = [] } = readManifest().features;
  return {
    commands: commands.map(({ command }) => command),
    shortcuts: shortcuts.map(({ name, type, callback_id: callbackId }) => ({ name, type, callbackId })),
    isAppReadOnly: home.messages_tab_read_only_enabled,
  };
}

function readManifest(): Manifest {
  const file = join(import.meta.dirname, "..", "..", "deploy", "slack-manifest.yaml");
  return parse(readFileSync(file, "utf8")) as Manifest;
}
