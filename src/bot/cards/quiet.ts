import { type Card, section } from "#bot/blocks.ts";
import type { FollowAnswer, SilenceAnswer } from "#domain/ports/quiet.ts";
import type { Follower, QuietHours, Silence } from "#domain/quiet.ts";
import { code, escape } from "#bot/escape.ts";
import { counted, person, when } from "#bot/words.ts";
import type { Instant } from "#domain/workload.ts";
import { fitLines } from "#bot/fit.ts";

/** What came of `silence`; an unknown workload has a card of its own. */
export function renderSilenceAnswer(answer: Exclude<SilenceAnswer, { kind: "unknown" }>, user: string, now: Instant): Card {
  return saying(silenceText(answer, user, now));
}

function silenceText(answer: Exclude<SilenceAnswer, { kind: "unknown" }>, user: string, now: Instant): string {
  switch (answer.kind) {
    case "refused":
      return escape(answer.text, 300);
    case "off":
      return answer.was
        ? `${person(user)} has ended the silence of ${code(answer.pattern, 250)}: I tell of it as usual.`
        : `${code(answer.pattern, 250)} was not silenced.`;
    case "set": {
      const many = answer.silence.pattern.includes("*") ? `, ${counted(answer.workloads, "workload")} now` : "";
      return `:mute: ${silenceLine(answer.silence, now)} I go on watching${many}: what is open then is told then. \`/k8s-why silence ${escape(answer.silence.pattern, 250)} off\` ends it.`;
    }
  }
}

/** A sentence: what is silent until when, by whom, and why. */
function silenceLine({ pattern, until, by, reason }: Silence, now: Instant): string {
  return `${code(pattern, 250)} is silent until ${when(until, now)}, says ${person(by)}: ${escape(reason, 300)}.`;
}

/** All that is silenced now. */
export function renderSilences(silences: readonly Silence[], now: Instant): Card {
  const title = silences.length === 0 ? "Nothing is silenced." : counted(silences.length, "silence");
  const lines = silences.map((silence) => `• ${silenceLine(silence, now)}`);
  return { text: title, blocks: [section(fitLines([silences.length === 0 ? title : `*${title}*`, ...lines], 2_900))] };
}

/** What came of `subscribe` and `unsubscribe`; an unknown workload has a card of its own. */
export function renderFollowAnswer(answer: Exclude<FollowAnswer, { kind: "unknown" }>): Card {
  switch (answer.kind) {
    case "refused":
      return saying(escape(answer.text, 300));
    case "follows": {
      const many = answer.pattern.includes("*")
        ? ` That is ${counted(answer.workloads, "workload")} now, and those to come.`
        : "";
      return saying(
        `I write to you when an incident of ${code(answer.pattern, 250)} opens, and when it settles.${many} \`/k8s-why unsubscribe ${escape(answer.pattern, 250)}\` ends it.`,
      );
    }
    case "unfollows":
      return saying(
        answer.was
          ? `You do not follow ${code(answer.pattern, 250)} any more.`
          : `You did not follow ${code(answer.pattern, 250)}.`,
      );
  }
}

/** What a person follows, and when it is quiet for them. */
export function renderSubscriptions(follower: Follower | undefined): Card {
  const patterns = follower?.patterns ?? [];
  const title = patterns.length === 0 ? "You follow nothing." : `You follow ${counted(patterns.length, "name or pattern", "names and patterns")}`; // prettier-ignore
  const lines = patterns.map((pattern) => `• ${code(pattern, 250)}`);
  return {
    text: title,
    blocks: [section(fitLines([patterns.length === 0 ? title : `*${title}*`, ...lines, quietLine(follower?.quiet)], 2_900))],
  };
}

/** When it is quiet for a person. */
export function quietLine(quiet: Follower["quiet"]): string {
  if (quiet === "off") return "Direct messages come at any hour.";
  if (quiet === undefined) return "In the channel's quiet hours, if it has some, direct messages wait for their end.";
  return `Direct messages wait from ${clockOf(quiet.from)} to ${clockOf(quiet.to)} (${escape(quiet.timeZone, 60)}), and then come as one.`;
}

function clockOf(minutes: QuietHours["from"]): string {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

function saying(text: string): Card {
  return { text, blocks: [section(text)] };
}
