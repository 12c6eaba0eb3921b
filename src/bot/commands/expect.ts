import { type Command, saying } from "./command.ts";
import { parseExpect } from "#bot/expect-text.ts";
import { renderExpectAnswer } from "#bot/cards/expectation.ts";
import { renderChoices } from "#bot/cards/choices.ts";
import { timeZoneOf } from "#bot/time-zone.ts";

/** Somebody says that a workload will grow: that silences us, so all may see who said it. */
export const expect: Command = {
  words: ["expect"],
  section: "decide",
  help: [
    { type: "expect <workload> x3 until 18:00", does: "keeps me silent up to three times its usual." },
    { type: "expect <workload> off", does: "ends that." },
  ],
  answer: async (tools, { rest, user }) => {
    const { press, now } = tools;
    const request = parseExpect(rest, now(), await timeZoneOf(tools, user));
    if ("problem" in request) return saying(request.problem);
    const answer = await press.expect({ ...request, user });
    if (answer.kind === "unknown")
      return { isPersonal: true, card: renderChoices(request.workload, { kind: "unknown", keys: answer.similar }) };
    const isForAll = answer.kind === "set" || (answer.kind === "off" && answer.was);
    return { card: renderExpectAnswer(answer, user, now()), isForAll };
  },
};
