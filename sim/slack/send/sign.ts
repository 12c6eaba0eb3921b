import { createHmac } from "node:crypto";

/** Headers that prove a body comes from Slack: https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function signHeaders(body: string, signingSecret: string, wallMs: number): Record<string, string> {
  const timestamp = String(Math.floor(wallMs / 1000));
  const signature = createHmac("sha256", signingSecret).update(`v0:${timestamp}:${body}`).digest("hex");
  return { "x-slack-request-timestamp": timestamp, "x-slack-signature": `v0=${signature}` };
}
