import { createRandom } from "#sim/scenarios/random.ts";
import type { SimClock } from "#sim/clock.ts";
import type { Story } from "#sim/scenarios/story.ts";
import type { Program } from "./program.ts";

const minuteMs = 60_000;

/** Minutes at which the program is killed, by seed: one at random in each equal part of the story, from a little before the trouble on. */
function killMinutes(story: Story, count: number): number[] {
  const random = createRandom(story.seed).fork("kills");
  const [first, last] = [story.truth.from - 4, story.minutes - 10];
  const part = (last - first) / count;
  return Array.from({ length: count }, (_, index) => first + (index + random.next()) * part);
}

/** SIGKILLs the program at each of those minutes and starts it again. */
export async function killNowAndThen(
  options: { story: Story; clock: SimClock; program: Program; count: number; tell: (what: string) => void },
  signal: AbortSignal,
): Promise<void> {
  const { story, clock, program, count, tell } = options;
  for (const minute of killMinutes(story, count)) {
    await clock.sleep(Math.max(0, story.startsAt + minute * minuteMs - clock.now()), signal);
    if (signal.aborted) return;
    tell("kill -9 of the program, and start again");
    await program.killAndRestart();
  }
}
