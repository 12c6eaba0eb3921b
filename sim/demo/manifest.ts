import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

type Manifest = { oauth_config: { scopes: { bot: string[]; bot_optional: string[] } } };

/** The scopes that an app made from our manifest is granted: what the manifest forgets is missing in stories too. */
export function grantedScopes(): readonly string[] {
  const file = join(import.meta.dirname, "..", "..", "deploy", "slack-manifest.yaml");
  const { bot, bot_optional: optional } = (parse(readFileSync(file, "utf8")) as Manifest).oauth_config.scopes;
  return [...bot, ...optional];
}
