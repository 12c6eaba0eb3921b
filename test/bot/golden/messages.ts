import type { Golden } from "./golden.ts";
import { goldenNow as now, incidents } from "./incidents.ts";
import { MINUTE, NOON } from "#test/builders.ts";
import { type Told, toldIn } from "#domain/told.ts";
import { renderHeadline } from "#bot/cards/headline.ts";
import { renderEvidence } from "#bot/cards/evidence.ts";
import { renderPictureReply } from "#bot/cards/picture.ts";
import { renderReply } from "#bot/cards/reply.ts";
import { renderTimeline } from "#bot/cards/timeline.ts";
import { repliesOf } from "#workflow/replies.ts";

const picture = { fileId: "F0PICTURE", alt: "Timeline of shop/web, in words.", drawnAt: NOON };
const called: Told = {
  ...toldIn("C0INCIDENTS"),
  onCall: [{ id: "S0OPS", name: "S0OPS" }],
  author: { id: "U0ADA", name: "Ada Lovelace", suspect: "landing" },
  owners: [{ id: "S0SHOP", name: "@acme/shop" }, { name: "@acme/prices" }],
};
const silent: Told = {
  ...toldIn("C0INCIDENTS"),
  onCallNote: "PagerDuty could not be asked who is on call; please look there.",
};

/** Replicas every 15 seconds, between what they were at some minutes. */
const course = (corners: readonly (readonly [minute: number, replicas: number])[]) =>
  corners.slice(1).flatMap(([to, end], index) => {
    const [from, begin] = corners[index] ?? [to, end];
    return Array.from({ length: (to - from) * 4 }, (_, step) => ({
      at: NOON + (from + (step + 1) / 4) * MINUTE,
      replicas: Math.round(begin + ((end - begin) * (step + 1)) / ((to - from) * 4)),
    }));
  });
const climb = course([
  [-60, 30],
  [-17, 30],
  [-8, 44],
  [-3, 68],
  [0, 95],
]);
const hill = [
  ...climb,
  ...course([
    [0, 95],
    [14, 96],
    [24, 31],
    [31, 31],
  ]),
];

/** What stands in a channel and in its threads. */
export const messages: readonly Golden[] = [
  { name: "headline-open", of: "renderHeadline", card: renderHeadline(incidents.open, now, called) },
  { name: "headline-no-suspect", of: "renderHeadline", card: renderHeadline(incidents.unnamed, now, silent) },
  { name: "headline-mitigated", of: "renderHeadline", card: renderHeadline(incidents.mitigated, NOON + 5 * MINUTE, called) },
  { name: "headline-settled", of: "renderHeadline", card: renderHeadline(incidents.settled, NOON + 31 * MINUTE) },
  { name: "headline-rollout-failing", of: "renderHeadline", card: renderHeadline(incidents.failing, now, called) },
  { name: "headline-cluster", of: "renderHeadline", card: renderHeadline(incidents.cluster, now, silent) },
  { name: "headline-picture", of: "renderHeadline", card: renderHeadline({ ...incidents.open, picture }, now, called) },
  {
    name: "headline-chart",
    of: "renderHeadline",
    card: renderHeadline({ ...incidents.open, picture }, now, called, { samples: climb, chart: "auto" }),
  },
  {
    name: "headline-chart-settled",
    of: "renderHeadline",
    card: renderHeadline(incidents.settled, NOON + 31 * MINUTE, undefined, { samples: hill, chart: "auto" }),
  },
  { name: "picture", of: "renderPictureReply", card: renderPictureReply(picture) },
  { name: "evidence", of: "renderEvidence", card: renderEvidence(incidents.open) },
  { name: "evidence-no-suspect", of: "renderEvidence", card: renderEvidence(incidents.unnamed) },
  { name: "timeline", of: "renderTimeline", card: renderTimeline(incidents.open) },
  ...repliesOf(incidents.open)
    .filter(({ reply }) => reply.callsAuthor)
    .map(({ reply }) => ({ name: "reply-author", of: "renderReply", card: renderReply({ ...reply, mention: ["U0ADA"] }) })),
  ...repliesOf(incidents.settled).map(({ part, reply }) => ({
    name: `reply-${part.replaceAll(/[^a-z]+/g, "-").replaceAll(/^-|-$/g, "")}`,
    of: "renderReply",
    card: renderReply(reply),
  })),
];
