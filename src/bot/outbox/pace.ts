/** How fast a lane may write. Wall milliseconds: Slack's limits are. */
export interface Pace {
  /** Slack takes about a post a second in a channel, and a short burst: https://docs.slack.dev/apis/web-api/rate-limits */
  readonly postEveryMs: number;
  readonly postBurst: number;
  /** `chat.update` is tier 3: about 50 a minute. */
  readonly editEveryMs: number;
  readonly editBurst: number;
  /** How long one message stays as it is after an edit. */
  readonly sameMessageMs: number;
  /** After an answer that did not come: when the channel is read again for a second copy. */
  readonly sweepAfterMs: number;
  /** First and longest wait after "later", doubling between. */
  readonly retryMs: number;
  readonly mostRetryMs: number;
  /** First and longest wait before a channel that takes nothing is tried again. */
  readonly probeMs: number;
  readonly mostProbeMs: number;
  /** For how long a lane is held after a sign of life: then its sender counts as dead. */
  readonly holdMs: number;
  /** How often the sender looks for what others have said. */
  readonly lookMs: number;
}

/** What Slack's limits ask for. */
export const slackPace: Pace = {
  postEveryMs: 1_000,
  postBurst: 3,
  editEveryMs: 1_200,
  editBurst: 6,
  sameMessageMs: 1_500,
  sweepAfterMs: 60_000,
  retryMs: 1_000,
  mostRetryMs: 60_000,
  probeMs: 30_000,
  mostProbeMs: 300_000,
  holdMs: 10_000,
  lookMs: 200,
};

/** The moment from which a call may go, of a bucket that is full again at `fullAt`. */
export function openAt(fullAt: number, everyMs: number, burst: number): number {
  return fullAt - (burst - 1) * everyMs;
}

/** When the bucket is full again after one more call. */
export function afterCall(fullAt: number, everyMs: number, now: number): number {
  return Math.max(now, fullAt) + everyMs;
}

/** When the bucket is full again if nothing may go before `until`. */
export function blockedUntil(fullAt: number, everyMs: number, burst: number, until: number): number {
  return Math.max(fullAt, until + (burst - 1) * everyMs);
}
