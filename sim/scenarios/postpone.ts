import type { Story, StoryEvent } from "./story.ts";

const minuteMs = 60_000;

/**
 * The same story with everything so many minutes later: a machine that takes its time to start the program must not eat the calm
 * before. Commits keep their times; they are pushed a little later than they were written, as happens.
 */
export function postpone(story: Story, minutes: number): Story {
  const truth = { ...story.truth, from: story.truth.from + minutes };
  return { ...story, minutes: story.minutes + minutes, truth, events: story.events.map((event) => later(event, minutes)) };
}

function later(event: StoryEvent, minutes: number): StoryEvent {
  const at = event.at + minutes;
  if (event.kind === "rollout") return { ...event, at, template: laterGrowth(event.template, minutes) };
  if (event.kind === "alert") return { ...event, at, payload: laterAlert(event.payload, minutes) };
  return { ...event, at };
}

function laterGrowth(template: Readonly<Record<string, string>>, minutes: number): Readonly<Record<string, string>> {
  const since = template["load/cost-growth-since"];
  if (since === undefined) return template;
  return { ...template, "load/cost-growth-since": new Date(Date.parse(since) + minutes * minuteMs).toISOString() };
}

function laterAlert(payload: Readonly<Record<string, unknown>>, minutes: number): Readonly<Record<string, unknown>> {
  const alert = payload["alert"] as { readonly createdAt: number; readonly updatedAt: number };
  const createdAt = alert.createdAt + minutes * minuteMs;
  return { ...payload, alert: { ...alert, createdAt, updatedAt: createdAt * 1_000_000 } };
}
