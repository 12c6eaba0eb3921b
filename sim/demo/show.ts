import { appFeatures } from "./manifest.ts";
import { castOf, channel } from "./cast.ts";
import { findHeadlines, readHeadline } from "./headline.ts";
import type { Observer } from "./observer.ts";
import { playEvents, takeBack } from "./player.ts";
import { runDownMigration } from "./play.ts";
import { startPage } from "#sim/page/start-page.ts";
import type { StorySet } from "./set.ts";
import type { Teller } from "./telling.ts";
import type { Truth } from "#sim/scenarios/story.ts";
import type { ConsoleAct, PageFacts } from "#sim/page/state.ts";

/** Starts the page of a set. */
export async function startStoryPage(
  set: StorySet,
  observer: Pick<Observer, "samples">,
  teller: Teller,
  port?: number,
): Promise<AsyncDisposable & { readonly url: string }> {
  const { slack, story } = set;
  return await startPage({
    slack,
    facts: () => factsOf(set, observer),
    personas: castOf(story).roles.map(({ user, role }) => ({ user: user.id, role })),
    ...appFeatures(),
    consoleActs: consoleActsOf(set, teller),
    ...(port === undefined ? {} : { port }),
    title: `k8s-why demo: ${story.title}`,
    howTo: howTo(set),
  });
}

/** A person plays: events happen by themselves, presses are theirs. Says when it is over, and goes on until the signal aborts. */
export async function showStory(
  set: StorySet,
  observer: Observer,
  teller: Teller,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { slack, clock } = set;
  const player = playEvents({ ...set, tell: (event) => teller.event(event) }, signal);
  const telling = teller.follow(observer, signal);
  let over = false;
  while (!signal.aborted) {
    await clock.sleep(15_000, signal);
    const last = findHeadlines(slack.messages(channel), set.story.service)[0]?.versions.at(-1);
    if (over || !last || readHeadline(last).state !== "Settled") continue;
    over = true;
    print("\nThe incident is settled: the story is over. The page stays until Ctrl-C.\n");
  }
  await Promise.allSettled([player, telling]);
}

function howTo({ story, clock }: StorySet): string[] {
  const { name } = story.service;
  const { onCall, second } = castOf(story);
  const seconds = Math.max(5, Math.round((story.truth.from * 60) / clock.rate / 5) * 5);
  const { truth } = story;
  return [
    `You are ${onCall.realName}, on call. Time runs ${clock.rate} times as fast here: ${seconds} s after the start ${name} begins to climb, and soon a message says so.`,
    whatItSays[truth.kind],
    ...(truth.kind === "culprit" && truth.schema
      ? ["Run the down-migration (below) before you say that the schema is back."]
      : []),
    `Where it takes two people, press as ${second.realName} too: choose who you are at the top. The author cannot be the second, and a guest may do nothing.`,
    `At any time: /k8s-why ${name}, or /k8s-why whoami.`,
  ];
}

const whatItSays: Readonly<Record<Truth["kind"], string>> = {
  culprit: "Cap… stops the growth, Roll back… removes the cause, and Scale down nodes… gives the nodes back once all is well.",
  nobody: "It says why no change is to blame. When it is over, Scale down nodes… gives the nodes back.",
  config: "It names a change of the cluster's configuration. Take that back (below); a rollback of the service would not help.",
};

function consoleActsOf(set: StorySet, teller: Teller): ConsoleAct[] {
  const { truth } = set.story;
  if (truth.kind === "config") {
    const { kind, name } = truth.object;
    const run = () => {
      takeBack(set.story, set.cluster);
      return `${kind} ${name} is gone, and nothing uses it any more.`;
    };
    return [{ id: "take-back", label: "Take the configuration back", hint: `Removes ${kind} ${name}.`, run }];
  }
  if (truth.kind !== "culprit" || !truth.schema) return [];
  const { database } = truth.schema;
  const run = () => {
    runDownMigration(set, teller);
    return `The schema of ${database} is back where the old code can use it.`;
  };
  return [
    {
      id: "down-migration",
      label: "Run the down-migration",
      hint: `Takes the schema of ${database} back.`,
      run,
    },
  ];
}

function factsOf({ clock, story }: StorySet, { samples }: Pick<Observer, "samples">): PageFacts {
  const last = samples.at(-1);
  const first = samples[0];
  if (!last || !first) return { clockAt: clock.now(), items: [] };
  const tone = (value: number, usual: number) =>
    value > usual * 4 ? ("bad" as const) : value > usual * 1.5 ? ("warn" as const) : ("calm" as const);
  const number = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: 0 });
  const items = [
    {
      label: `${story.service.name} replicas`,
      value: `${number(last.ready)}/${number(last.desired)} ready`,
      tone: tone(last.desired, first.desired),
    },
    { label: "nodes", value: number(last.nodes), tone: tone(last.nodes, first.nodes) },
    { label: "requests a second", value: Number.isFinite(last.requestsPerSecond) ? number(last.requestsPerSecond) : "?" },
    { label: "latency", value: Number.isFinite(last.latencySeconds) ? `${number(last.latencySeconds * 1000)} ms` : "?" },
  ];
  return { clockAt: clock.now(), items };
}
