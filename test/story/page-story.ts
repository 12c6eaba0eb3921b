import { channel } from "#sim/demo/cast.ts";
import { readHeadline, findHeadlines, type Headline } from "#sim/demo/headline.ts";
import { startObserver, type Observer } from "#sim/demo/observer.ts";
import { startRedis } from "#sim/demo/redis.ts";
import { startSet, type StorySet } from "#sim/demo/set.ts";
import { showStory, startStoryPage } from "#sim/demo/show.ts";
import { silent } from "#sim/demo/telling.ts";
import { tellStory } from "#sim/scenarios/catalog.ts";
import type { StoryName } from "#sim/scenarios/story.ts";

/** A story that waits for a person's clicks, with the program in a process of its own. */
export interface PageStory extends AsyncDisposable {
  readonly url: string;
  readonly set: StorySet;
  readonly observer: Observer;
  /** The headline as it stands; undefined until there is one. */
  headline(): Headline | undefined;
}

/** Starts a story and its page as `npm run demo` does. */
export async function startPageStory(scenario: StoryName, seed: number, speed: number): Promise<PageStory> {
  await using stack = new AsyncDisposableStack();
  const redis = stack.use(await startRedis({ PATH: process.env["PATH"] }));
  const set = stack.use(await startSet(tellStory(scenario, seed), redis, speed));
  const observer = stack.use(startObserver(set));
  const page = stack.use(await startStoryPage(set, observer, silent));
  const stop = new AbortController();
  const shown = showStory(set, observer, silent, () => {}, stop.signal);
  stack.defer(async () => {
    stop.abort();
    await shown;
  });
  const all = stack.move();
  return {
    url: page.url,
    set,
    observer,
    headline: () => {
      const last = findHeadlines(set.slack.messages(channel)).at(-1)?.versions.at(-1);
      return last && readHeadline(last);
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
