/** Slack takes nothing in this channel from us, whatever it is. The channel, or our place in it, has to change first. */
const illWords = new Set([
  "is_archived",
  "not_in_channel",
  "channel_not_found",
  "is_inactive",
  "restricted_action",
  "restricted_action_read_only_channel",
  "not_allowed_in_channel",
  "messages_tab_disabled",
  "cannot_dm_bot",
  "user_not_found",
  "user_disabled",
  "account_inactive",
  "invalid_auth",
  "not_authed",
  "token_revoked",
  "token_expired",
  "missing_scope",
  "no_permission",
  "access_denied",
  "team_access_not_granted",
  "org_login_required",
  "ekm_access_denied",
  "accesslimited",
  "team_not_found",
]);

/** The message is not there any more, or may not be edited any more. */
const goneWords = new Set(["message_not_found", "cant_update_message", "edit_window_closed"]);

/** What a post should reply to is not there any more. */
const noParentWords = new Set(["cannot_reply_to_message", "thread_not_found", "message_not_found"]);

/** Slack would not take these blocks. It posted nothing when it says so. */
const cardWords = new Set([
  "invalid_blocks",
  "invalid_blocks_format",
  "msg_blocks_too_long",
  "msg_too_long",
  "slack_file_not_found",
  "invalid_attachments",
]);

/** "It is possible that some aspect of the operation succeeded", as Slack's manual has it. */
const doubtWords = new Set(["internal_error", "fatal_error", "service_unavailable", "request_timeout"]);

export const isIll = (word: string | undefined): boolean => word !== undefined && illWords.has(word);
export const isGone = (word: string | undefined): boolean => word !== undefined && goneWords.has(word);
export const hasNoParent = (word: string | undefined): boolean => word !== undefined && noParentWords.has(word);
export const isAboutCard = (word: string | undefined): boolean => word !== undefined && cardWords.has(word);
/** Of these blocks it would not take one; nothing is said of how long they are, or of files. */
export const isAboutBlocks = (word: string | undefined): boolean => word === "invalid_blocks" || word === "invalid_blocks_format";
export const leavesDoubt = (word: string | undefined): boolean => word === undefined || doubtWords.has(word);

const meanings: Readonly<Record<string, string>> = {
  is_archived: "the channel is archived",
  not_in_channel: "the app is not in the channel; invite it",
  channel_not_found: "the channel is gone, or the app was removed from it",
  restricted_action: "only some people may post there",
  account_inactive: "the app was removed from the workspace",
  token_revoked: "the app's token was revoked",
  invalid_auth: "the app's token is not valid",
  missing_scope: "the app lacks a scope",
};

/** Slack's word, and what it means where we know. */
export function meaningOf(word: string): string {
  const meaning = meanings[word];
  return meaning === undefined ? `Slack answers "${word}"` : `${meaning} (Slack answers "${word}")`;
}
