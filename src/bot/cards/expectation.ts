import { code, escape } from "#bot/escape.ts";
import { count, when } from "#bot/words.ts";
import type { Card } from "#bot/blocks.ts";
import type { ExpectAnswer } from "#domain/ports/slack.ts";
import type { Expectation } from "#domain/expectation.ts";
import type { Instant } from "#domain/workload.ts";
import { person } from "#bot/words.ts";
import { section } from "#bot/blocks.ts";

/** What came of `expect`; the unknown workload has a card of its own. */
export function renderExpectAnswer(answer: Exclude<ExpectAnswer, { kind: "unknown" }>, user: string, now: Instant): Card {
  const text = textOf(answer, user, now);
  return { text, blocks: [section(text)] };
}

function textOf(answer: Exclude<ExpectAnswer, { kind: "unknown" }>, user: string, now: Instant): string {
  switch (answer.kind) {
    case "refused":
      return escape(answer.text, 300);
    case "off":
      return answer.was
        ? `${person(user)} expects nothing of ${code(answer.workload, 250)} any more: I watch it as usual.`
        : `Nothing was expected of ${code(answer.workload, 250)}.`;
    case "set": {
      const { times, workload } = answer.expectation;
      const most =
        answer.usual === undefined
          ? ""
          : ` (usually ${count(answer.usual)}, so up to about ${count(Math.floor(answer.usual * times))})`;
      return `${expectationLine(answer.expectation, now)} I say nothing of ${code(workload, 250)} up to that${most}, and still tell what goes beyond.`;
    }
  }
}

/** A sentence: who expects what until when. */
export function expectationLine({ times, until, by }: Expectation, now: Instant): string {
  return `${person(by)} expects up to ${times} times the usual until ${when(until, now)}.`;
}
