import type { Block } from "#bot/blocks.ts";
import { courseWords } from "#bot/picture/alt.ts";
import { toChartBlock } from "#bot/picture/chart-block.ts";
import { chartOf } from "#bot/picture/chart-of.ts";
import type { Incident } from "#domain/incident.ts";
import type { Sample } from "#domain/sample.ts";
import { renderPicture } from "./picture.ts";

/** As what a headline shows the course: Slack's own chart, or our picture where the workspace takes none; or always one of them. */
export type ChartChoice = "auto" | "block" | "picture";

/** What a headline's course is drawn from. */
export interface Drawn {
  readonly samples: readonly Sample[];
  readonly chart: ChartChoice;
}

/** The course in a headline: what stands there, what stands there instead where Slack's own chart is not taken, and words for that chart. */
export interface Course {
  readonly blocks: Block[];
  readonly instead?: Block[];
  readonly words: string;
}

/** The course as it is wanted. Never chart and picture both: two that say the same cost a phone a screen. */
export function renderCourse(incident: Incident, { samples, chart }: Drawn): Course {
  const picture = chart === "block" ? [] : renderPicture(incident);
  const drawn = chart === "picture" ? undefined : chartOf(incident, samples);
  const block = drawn && toChartBlock(drawn);
  return block ? { blocks: [block], instead: picture, words: courseWords(drawn) } : { blocks: picture, words: "" };
}
