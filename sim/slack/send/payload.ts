import type { ResponseUrls } from "#sim/slack/response-urls.ts";
import type { Triggers } from "#sim/slack/triggers.ts";
import type { Json } from "#sim/slack/types.ts";
import type { Workspace } from "#sim/slack/workspace.ts";
import type { Wire } from "./deliver.ts";

/** What every sender may use. */
export interface SenderContext {
  readonly workspace: Workspace;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly wire: Wire;
}

/** The verification token that Slack still sends beside its signature. */
export const VERIFICATION_TOKEN = "verification-token";

/** What all interactivity payloads have in common. */
export function envelope(workspace: Workspace, user: string): Json {
  const person = workspace.users.get(user);
  if (!person) throw new Error(`Cannot act for user "${user}": not in this workspace`);
  return {
    user: { id: person.id, username: person.name, name: person.name, team_id: workspace.team.id },
    team: { id: workspace.team.id, domain: workspace.team.domain },
    api_app_id: workspace.app.id,
    token: VERIFICATION_TOKEN,
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** A payload as the form field that interactivity uses. */
export function asForm(payload: Json): Record<string, string> {
  return { payload: JSON.stringify(payload) };
}
