import { describe, expect, test } from "vitest";
import { type Around, readWords } from "#bot/read-words.ts";
import { nasty, randomFrom } from "./nasty.ts";
import { commands } from "#bot/commands/table.ts";
import { namesInText } from "#analysis/names-in-text.ts";

const keys = ["prod/shop/web", "prod/shop/basket", "prod/pay/gateway"];
const words = (isLook: boolean) => commands.filter((one) => (one.isLook ?? false) === isLook).flatMap((one) => one.words);
const incident = { id: "inc-1", key: "prod/shop/web" };

function read(said: string, around: Partial<Around> = {}) {
  const named = namesInText(keys, said);
  return readWords(`<@U0BOT> ${said}`, { named, looks: words(true), others: words(false), ...around });
}

describe("a question in words becomes what would be typed", () => {
  test.each([
    ["why is basket so big?", "why prod/shop/basket"],
    ["Why did shop/basket grow", "why prod/shop/basket"],
    ["why is the bask service so big", "why bask"],
    ["why are there so many pods of gatewya?", "why gatewya"],
    ["how come `gateway` is so large", "why prod/pay/gateway"],
    ["what's up with gateway?", "why prod/pay/gateway"],
    ["gateway", "why prod/pay/gateway"],
    ["gatewy?", "why gatewy"],
    ["why", "why"],
    ["what changed since 2h?", "changes 2h"],
    ["what has changed since yesterday 18:00", "changes yesterday 18:00"],
    ["anything changed in the last 30 minutes?", "changes 30 minutes"],
    ["changes", "changes"],
    ["changes 3h", "changes 3h"],
    ["what changed for basket since 3h", "timeline prod/shop/basket 3h"],
    ["what happened to basket since yesterday?", "timeline prod/shop/basket yesterday"],
    ["timeline of gateway", "timeline prod/pay/gateway"],
    ["timeline gatew 2h", "timeline gatew 2h"],
    ["plan", "plan"],
    ["plan for basket", "plan prod/shop/basket"],
    ["what should we do?", "plan"],
    ["what now", "plan"],
    ["can we roll back?", "plan"],
    ["who rolled back basket?", "audit prod/shop/basket"],
    ["revert basket", "plan prod/shop/basket"],
    ["what can I press?", "whoami"],
    ["whoami", "whoami"],
    ["incidents", "incidents"],
    ["show all incidents", "incidents all"],
    ["what's going on?", "incidents"],
    ["how many nodes are there?", "nodes"],
    ["who approved what?", "audit"],
    ["who approved the rollback of basket?", "audit prod/shop/basket"],
    ["who did the rollback?", "audit"],
    ["audit rollback", "audit"],
    ["who capped it?", "audit"],
    ["who rolled back?", "audit"],
    ["who drained the nodes?", "audit"],
    ["who stopped bask", "audit bask"],
    ["audit basket", "audit prod/shop/basket"],
    ["<http://gateway.pay|gateway> why", "why prod/pay/gateway"],
  ])("%s", (said, ask) => expect(read(said)).toEqual({ ask }));

  test.each([
    ["why?", "why prod/shop/web"],
    ["why is it so big", "why prod/shop/web"],
    ["why is basket so big", "why prod/shop/basket"],
    ["what happened?", "timeline prod/shop/web"],
    ["timeline since 2h", "timeline prod/shop/web 2h"],
    ["plan", "plan inc-1"],
    ["what should we do about it", "plan inc-1"],
    ["what changed since 2h?", "changes 2h"],
    ["is it getting better?", "why prod/shop/web"],
    ["is this over", "why prod/shop/web"],
    ["can we roll back?", "plan inc-1"],
    ["how do we fix this", "plan inc-1"],
  ])("in an incident's thread: %s", (said, ask) => expect(read(said, { incident })).toEqual({ ask }));

  test.each([
    ["stop", "stop"],
    ["stop it now!", "stop"],
    ["go", "go"],
    ["expect gateway x3 until 18:00", "expect"],
  ])("%s is not done in words", (said, other) => expect(read(said)).toEqual({ other }));

  test.each(["", "help"])("%j gets help", (said) => expect(read(said)).toEqual({ kind: "help" }));

  test.each(["hello there", "thanks!", "thank you very much", "👍", "please order pizza", "is it getting better?"])(
    "%j is not understood",
    (said) => expect(read(said)).toEqual({ kind: "unclear" }),
  );

  test("whatever is said, what is asked is short and only looks", () => {
    const random = randomFrom(3);
    for (let round = 0; round < 500; round += 1) {
      const asked = read(`why ${nasty(random)} plan`, round % 2 === 0 ? { incident } : {});
      const ask = "ask" in asked ? asked.ask : "";
      expect(ask.length).toBeLessThan(600);
      expect(["", ...words(true)]).toContain(ask.split(" ")[0]);
    }
  });
});
