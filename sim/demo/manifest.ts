import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Shortcut } from "#sim/page/state.ts";

interface Manifest {
  readonly features: {
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

/** What an app made from our manifest puts before people: its commands, and what stands in menus. */
export function appFeatures(): { readonly commands: readonly string[]; readonly shortcuts: readonly Shortcut[] } {
  const { slash_commands: commands, shortcuts = [] } = readManifest().features;
  return {
    commands: commands.map(({ command }) => command),
    shortcuts: shortcuts.map(({ name, type, callback_id: callbackId }) => ({ name, type, callbackId })),
  };
}

function readManifest(): Manifest {
  const file = join(import.meta.dirname, "..", "..", "deploy", "slack-manifest.yaml");
  return parse(readFileSync(file, "utf8")) as Manifest;
}
