import { type Command, saying } from "./command.ts";
import { renderSilenceAnswer, renderSilences } from "#bot/cards/quiet.ts";
import { parseSilence } from "#bot/silence-text.ts";
import { renderChoices } from "#bot/cards/choices.ts";
import { timeZoneOf } from "#bot/time-zone.ts";

/** Somebody lets nothing be told of a workload for a while: all in the channel see who, until when and why. */
export const silence: Command = {
  words: ["silence"],
  help: [
    { type: "silence <workload> for 2h <reason>", does: "tells nobody of it until then; a pattern such as `shop/*` will do." },
    { type: "silence <workload> off", does: "ends that." },
  ],
  answer: async (tools, { rest, user }) => {
    const { press, now } = tools;
    const request = parseSilence(rest, now(), await timeZoneOf(tools, user));
    if ("problem" in request) return saying(request.problem);
    const answer = await press.silence({ ...request, user });
    if (answer.kind === "unknown")
      return { isPersonal: true, card: renderChoices(request.workload, { kind: "unknown", keys: answer.similar }) };
    const isForAll = answer.kind === "set" || (answer.kind === "off" && answer.was);
    return { card: renderSilenceAnswer(answer, user, now()), isForAll };
  },
};

/** What is silenced now. */
export const silences: Command = {
  words: ["silences"],
  isLook: true,
  help: [{ type: "silences", does: "lists what is silenced, by whom and why." }],
  answer: async ({ press, now }) => ({ card: renderSilences(await press.silences(), now()) }),
};
