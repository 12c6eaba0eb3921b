import type { KnownBlock, ModalView } from "@slack/web-api";

/** A realistic incident's headline, for looking at the page. */
export const headline: KnownBlock[] = [
  { type: "header", text: { type: "plain_text", text: "api: 96 replicas, usually 30" } },
  {
    type: "context",
    elements: [
      { type: "mrkdwn", text: ":red_circle: *Open* since 14:02  ·  `prod/shop/api`  ·  <https://example.com/runbook|Runbook>" },
    ],
  },
  {
    type: "section",
    text: {
      type: "mrkdwn",
      text: "On call: <@U0NINA>\n<@U0OTTO>, the first suspect is your change: can you have a look?",
    },
  },
  {
    type: "section",
    fields: [
      { type: "mrkdwn", text: "*Replicas*\n96 now, 30 usually (3.2 times)" },
      { type: "mrkdwn", text: "*Ceiling*\n4,000, reached in about 50 minutes" },
      { type: "mrkdwn", text: "*Cost per request*\n0.9 s CPU, usually 0.2 s (4.5 times)" },
      { type: "mrkdwn", text: "*Latency*\n840 ms, usually 120 ms" },
    ],
  },
  {
    type: "section",
    text: { type: "mrkdwn", text: "Ready 96/96 is not health: every request got slower, and traffic is as usual." },
  },
  { type: "divider" },
  {
    type: "section",
    text: {
      type: "mrkdwn",
      text: "*1. 87 %* <https://github.com/acme/shop/commit/9f1c2ab4d5e6f708192a3b4c5d6e7f8091a2b3c4|9f1c2ab> feat: order index by region &lt;!channel&gt; &amp; `#42` by Otto Brandt\n• its rollout began 2 minutes before the climb\n• cost per request rose with this revision, traffic did not\n• it touches `services/api/store/index.ts` and 2 migrations",
    },
  },
  {
    type: "section",
    text: {
      type: "mrkdwn",
      text: "*2. 6 %* <https://github.com/acme/shop/commit/0011223344556677889900aabbccddeeff001122|0011223> chore: bump logger by Ines Conti\n• against: only a lock file",
    },
  },
  { type: "context", elements: [{ type: "mrkdwn", text: "217 landings in 72 hours, 6 of them touch this service." }] },
  { type: "divider" },
  {
    type: "section",
    text: {
      type: "mrkdwn",
      text: ":warning: *Going back needs a down-migration.* `0042_order_index.sql` changed the schema; the old code does not start on it.",
    },
  },
  {
    type: "actions",
    elements: [
      {
        type: "button",
        style: "primary",
        action_id: "step:cap",
        value: '{"incident":"i1","step":"cap"}',
        text: { type: "plain_text", text: "Cap at 96" },
      },
      {
        type: "button",
        style: "danger",
        action_id: "step:rollback",
        value: '{"incident":"i1","step":"rollback"}',
        text: { type: "plain_text", text: "Roll back" },
      },
      {
        type: "button",
        action_id: "step:drain",
        value: '{"incident":"i1","step":"drain"}',
        text: { type: "plain_text", text: "Scale down nodes" },
      },
    ],
  },
];

/** What the thread says, oldest first. */
export const replies: readonly string[] = [
  "*Timeline*\n`13:58` landing <https://github.com/acme/shop/commit/9f1c2ab|9f1c2ab> by Otto Brandt\n`14:00` rollout of revision 42\n`14:02` 60 replicas\n`14:03` 96 replicas, alert _HighCpu_ from Opsgenie\n`14:03` nodes 10 → 14",
  ":lock: <@U0NINA> capped the autoscaler at 96 (was 4,000).",
  "<!channel> is really a mention, &lt;!channel&gt; is not.\n&gt; quoted line\n```kubectl get hpa api\nNAME  MINPODS  MAXPODS\napi   3        96```",
];

const plain = (text: string): { type: "plain_text"; text: string } => ({ type: "plain_text", text });

/** The modal at once. */
export const loading: ModalView = {
  type: "modal",
  callback_id: "step",
  title: plain("Roll back"),
  close: plain("Cancel"),
  blocks: [{ type: "section", text: { type: "mrkdwn", text: ":hourglass_flowing_sand: Looking at the cluster …" } }],
};

/** The modal when the preview is there. */
export const filled: ModalView = {
  ...loading,
  submit: plain("Roll back"),
  private_metadata: '{"incident":"i1","step":"rollback","intent":"abc"}',
  blocks: [
    { type: "section", text: { type: "mrkdwn", text: "`shop/api` in `prod`" } },
    {
      type: "section",
      text: {
        type: "mrkdwn",
        text: "*What will happen*\n1. The pod template of revision 41 comes back.\n2. Up to 24 more pods start while it rolls.\n3. Replicas fall when the load does.",
      },
    },
    {
      type: "section",
      fields: [
        { type: "mrkdwn", text: "*Image*\n`shop/api:9f1c2ab` → `shop/api:77aa001`" },
        { type: "mrkdwn", text: "*Revision*\n42 → 41" },
      ],
    },
    {
      type: "section",
      text: { type: "mrkdwn", text: ":warning: The schema stays at 42. Run the down-migration first:\n• `0042_order_index.sql`" },
    },
    {
      type: "input",
      block_id: "migrations",
      label: plain("Migrations"),
      element: {
        type: "checkboxes",
        action_id: "confirmed",
        options: [{ text: plain("The down-migration has run, or is not needed"), value: "yes" }],
      },
    },
    { type: "divider" },
    {
      type: "context",
      elements: [
        { type: "mrkdwn", text: "The API server accepts this (dry run). Seen at 14:05. Your name goes into the record." },
      ],
    },
  ],
};

/** The modal after its submission. */
export const closing: ModalView = {
  type: "modal",
  title: plain("Roll back"),
  close: plain("Close"),
  blocks: [
    { type: "section", text: { type: "mrkdwn", text: ":white_check_mark: On its way. The thread says when it is done." } },
  ],
};
