import { z } from "zod";

const text = z.string().trim().min(1);

/** What the environment may say. An empty value counts as absent. */
export const environmentSchema = z.object({
  REDIS_URL: text.default("redis://127.0.0.1:6379").describe("Where Redis is: redis://, rediss:// or unix:///path/to/redis.sock"),
  KUBECONFIG: text.optional().describe("Kubeconfig file; without it the in-cluster service account, then ~/.kube/config"),
  SLACK_BOT_TOKEN: text.startsWith("xoxb-", 'must start with "xoxb-"').describe("Bot token of the Slack app (xoxb-...)"),
  SLACK_SIGNING_SECRET: text.describe("Signing secret of the Slack app"),
  SLACK_APP_TOKEN: text
    .startsWith("xapp-", 'must start with "xapp-"')
    .optional()
    .describe("App-level token (xapp-...) with connections:write: Slack is heard by Socket Mode, and /slack/events is closed"),
  SLACK_API_URL: z.url().optional().describe("Another Slack API, e.g. an emulator; default https://slack.com/api/"),
  K8S_WHY_SIGNING_KEY: text
    .optional()
    .describe("Ed25519 private key (PEM) that signs approved steps; without it one is made from SLACK_SIGNING_SECRET"),
  K8S_WHY_VERIFY_KEY: text
    .optional()
    .describe("Ed25519 public key (PEM) by which the agent knows them; without it the one of the signing key"),
  GITHUB_WEBHOOK_SECRET: text.describe("Secret of the GitHub webhook"),
  GITHUB_TOKEN: text.optional().describe("GitHub token with contents:read; or use an app"),
  GITHUB_APP_ID: text.optional().describe("Id of the GitHub App, instead of a token"),
  GITHUB_APP_PRIVATE_KEY: text.optional().describe("Private key (PEM) of the GitHub App"),
  GITHUB_API_URL: z.url().default("https://api.github.com").describe("GitHub's API, also of GitHub Enterprise or an emulator"),
  PROMETHEUS_URL: z.url().optional().describe("Prometheus; without it there is no latency, cost per request or learnt history"),
  PAGERDUTY_TOKEN: text.optional().describe("Read-only REST API token of PagerDuty; where slack.onCall names a schedule of it"),
  PAGERDUTY_API_URL: z
    .url()
    .default("https://api.pagerduty.com")
    .describe("PagerDuty's REST API; of the EU region https://api.eu.pagerduty.com"),
  OPSGENIE_API_KEY: text.optional().describe("API key of Opsgenie that may read; where slack.onCall names a schedule of it"),
  OPSGENIE_API_URL: z
    .url()
    .default("https://api.opsgenie.com")
    .describe("Opsgenie's API; of the EU region https://api.eu.opsgenie.com"),
  ALERTS_SECRET: text.optional().describe("Shared secret of the alert webhooks; without it they are closed"),
  K8S_WHY_CHANGES_TOKEN: text.optional().describe("Bearer token of POST /changes; without it the door is closed"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000).describe("TCP port that HTTP listens on"),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info").describe("debug, info, warn, error or silent"),
  K8S_WHY_CONFIG: text.default("k8s-why.yaml").describe("Path of the configuration file"),
  POD_NAMESPACE: text
    .default("k8s-why")
    .describe("Our own namespace: ConfigMaps there remember which steps were carried out, and the head of the audit stream"),
  K8S_WHY_RECORDINGS: text
    .optional()
    .describe("Folder that keeps what each diagnosis was given, the newest thousand; without it nothing is kept"),
  K8S_WHY_CLOCK: text.optional().describe("For demos and tests: <wall ms>,<clock ms>,<rate>; never in production"),
});

export type Environment = z.infer<typeof environmentSchema>;

/** Problems that only show when two variables are read together. */
export function crossProblems(environment: Partial<Environment>): string[] {
  const problems: string[] = [];
  const { GITHUB_TOKEN: token, GITHUB_APP_ID: app, GITHUB_APP_PRIVATE_KEY: key } = environment;
  if (!token && !app && !key) problems.push("GITHUB_TOKEN is missing: set it, or GITHUB_APP_ID with GITHUB_APP_PRIVATE_KEY.");
  if (!app !== !key) problems.push(`${app ? "GITHUB_APP_PRIVATE_KEY" : "GITHUB_APP_ID"} is missing: a GitHub App needs both.`);
  return problems;
}
