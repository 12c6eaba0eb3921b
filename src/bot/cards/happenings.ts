import type { Card } from "#bot/blocks.ts";
import { context, section } from "#bot/blocks.ts";
import { fitMiddle, pack } from "#bot/fit.ts";
import { code, link } from "#bot/escape.ts";
import { counted, people, when } from "#bot/words.ts";
import type { Happening } from "#domain/ports/look.ts";
import type { Instant, WorkloadKey } from "#domain/workload.ts";
import { timelineLine } from "./timeline.ts";

const mostCharacters = 9_000;
const sectionLimit = 2_900;

/** What happened to a workload since a moment, the newest last; cut from the middle where it is too long. */
export function renderHappenings(key: WorkloadKey, happenings: readonly Happening[], from: Instant, now: Instant): Card {
  const lines = fitMiddle(
    happenings.map((one) => happeningLine(one, now)),
    mostCharacters,
  );
  const title = `*What happened* to ${code(key, 250)} since ${when(from, now)}`;
  return {
    text: `What happened to ${code(key, 250)}: ${counted(happenings.length, "entry", "entries")}`,
    blocks: [
      section(title),
      ...(lines.length === 0 ? [context("Nothing that I know of.")] : pack(lines, sectionLimit).map(section)),
    ],
  };
}

function happeningLine(one: Happening, now: Instant): string {
  const by = one.by === undefined ? "" : ` · ${people(one.by)}`;
  const origin = one.url === undefined ? "" : link(one.url, "show");
  return `${timelineLine(one, now)}${by}${origin === "" || origin === "show" ? "" : ` · ${origin}`}`;
}
