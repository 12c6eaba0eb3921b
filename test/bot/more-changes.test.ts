import { MINUTE, NOON, aDiagnosis, anIncident } from "#test/builders.ts";
import { CHANNEL, startStage } from "./bot-app.ts";
import { expect, test } from "vitest";
import type { Incident } from "#domain/incident.ts";

const lookedAt = (many: number): Incident => {
  const line = (_: unknown, index: number) => ({ at: NOON - index * MINUTE, text: `${"A change ".padEnd(90, "x")} ${index}.` });
  return anIncident({ diagnosis: aDiagnosis({ candidates: many, looked: Array.from({ length: many }, line) }) });
};

test("where another search looked at fewer changes, no message goes on listing those of the one before", async () => {
  await using stage = await startStage();
  await stage.tell(lookedAt(300));
  const listed = async (many: number) => {
    await stage.bot.slack.sayEvidence(lookedAt(many));
    await stage.quiet();
    const said = stage.slack.messages(CHANNEL).filter(({ threadTs }) => threadTs !== undefined);
    const words = JSON.stringify(said.map(({ versions }) => versions.at(-1)?.blocks));
    return { messages: said.length, lines: words.match(/x \d+\./g)?.length, moved: words.match(/Looked at again/g)?.length ?? 0 };
  };
  const { messages } = await listed(300);
  expect(messages).toBeGreaterThan(3);
  expect(await listed(10)).toEqual({ messages, lines: 10, moved: messages - 1 });
  expect(await listed(300)).toEqual({ messages, lines: 300, moved: 0 });
});
