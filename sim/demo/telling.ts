import type { Observer } from "./observer.ts";
import type { SimClock } from "#sim/clock.ts";
import type { RolloutEvent, Story, StoryEvent } from "#sim/scenarios/story.ts";
import type { LocalSlack } from "#sim/slack/local-slack.ts";
import { findHeadlines, readHeadline } from "./headline.ts";
import { isGuilty } from "./report.ts";

/** Says on the terminal how a story goes: one line a thing, each with its minute. */
export interface Teller {
  readonly say: (what: string) => void;
  readonly event: (event: StoryEvent) => void;
  /** Tells of replicas and nodes every five minutes, and of each new state of the headline. */
  follow(observer: Observer, signal: AbortSignal): Promise<void>;
}

/** A teller that says nothing. */
export const silent: Teller = { say: () => {}, event: () => {}, follow: async () => {} };

const minuteMs = 60_000;

/** Plain lines through `print`; on a terminal the numbers are refreshed in the last line through `refresh`. */
export function createTeller(options: {
  story: Story;
  clock: SimClock;
  slack: LocalSlack;
  channel: string;
  print: (line: string) => void;
  refresh?: (line: string) => void;
}): Teller {
  const { story, clock, slack, channel, print, refresh } = options;
  const minute = () => (clock.now() - story.startsAt) / minuteMs;
  const say = (what: string) => print(`${minute().toFixed(1).padStart(5)} min  ${what}`);
  const numbers = (observer: Observer) => {
    const last = observer.samples.at(-1);
    return last ? `${last.desired} replicas, ${last.ready} ready, ${last.nodes} nodes` : "";
  };
  return {
    say,
    event: (event) => {
      const what = describe(event, story);
      if (what) say(what);
    },
    async follow(observer, signal) {
      let told = -5;
      let state = "";
      while (!signal.aborted) {
        const next = stateOf(slack, channel, story);
        if (next !== state) say(`headline: ${next}; ${numbers(observer)}`);
        state = next;
        if (numbers(observer) === "") state = "";
        else if (refresh) refresh(`${minute().toFixed(1).padStart(5)} min  ${numbers(observer)}`);
        else if (minute() >= told + 5) {
          told = Math.floor(minute() / 5) * 5;
          say(numbers(observer));
        }
        await clock.sleep(15_000, signal);
      }
    },
  };
}

function stateOf(slack: LocalSlack, channel: string, { service, truth }: Story): string {
  const headlines = findHeadlines(slack.messages(channel), service);
  const last = headlines[0]?.versions.at(-1);
  if (!last) return "";
  const { state = "no state", suspects, saysNoSuspect } = readHeadline(last);
  const [first] = suspects;
  const suspect = first
    ? `suspect ${isGuilty({ truth }, first) ? "(right)" : "(wrong)"} ${first.sha?.slice(0, 7) ?? "without a commit"} at ${first.percent} %`
    : saysNoSuspect
      ? "no suspect"
      : "";
  return [state, suspect].filter(Boolean).join(", ") + (headlines.length > 1 ? ` (${headlines.length} headlines)` : "");
}

function describe(event: StoryEvent, story: Story): string | undefined {
  const begins = event.at === story.truth.from;
  switch (event.kind) {
    case "landing":
      return event.commits.at(-1)?.sha === badSha(story) ? "the bad commit lands" : undefined;
    case "rollout":
      return describeRollout(event, story);
    case "traffic":
      return begins ? "traffic begins to rise" : undefined;
    case "stall":
      return begins ? `requests to ${event.workload} begin to wait` : undefined;
    case "alert":
      return "Opsgenie alert";
  }
}

function describeRollout({ workload, sha }: RolloutEvent, story: Story): string {
  return workload === story.service.name && sha === badSha(story) ? "the bad rollout" : `rollout of ${workload}`;
}

function badSha({ truth }: Story): string {
  return truth.kind === "culprit" ? truth.sha : "none";
}
