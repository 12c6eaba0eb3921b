import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { answers } from "./golden/answers.ts";
import { isView } from "./golden/golden.ts";
import { homes } from "./golden/homes.ts";
import { lookedUp } from "./golden/looked-up.ts";
import { messages } from "./golden/messages.ts";
import { modals } from "./golden/modals.ts";
import { quieter } from "./golden/quiet.ts";
import { refuseBlocks, refuseView } from "#sim/slack/blocks/validate.ts";

/** Every card as it is meant to look. After a change that is wanted: look at them (node test/bot/golden/gallery.ts), then `vitest run -u`. */
const goldens = [...messages, ...answers, ...lookedUp, ...quieter, ...modals, ...homes];

describe("every card", () => {
  it.each(goldens)("$name", async ({ name, card }) => {
    expect(isView(card) ? refuseView(card, card.type) : refuseBlocks(card.blocks)).toBeUndefined();
    await expect(`${JSON.stringify(card, undefined, 2)}\n`).toMatchFileSnapshot(`golden/cards/${name}.json`);
  });

  it("has a golden file", () => {
    const drawing = globSync("src/bot/cards/*.ts").flatMap((path) =>
      [...readFileSync(path, "utf8").matchAll(/^export function (render\w+)\((?:(?!\n\})[^])*?\): (?:Card|\w*View) \{/gm)].map(
        ([, name]) => name,
      ),
    );
    expect(drawing.length).toBeGreaterThan(10);
    expect(drawing.filter((name) => !goldens.some(({ of }) => of === name))).toEqual([]);
    expect(new Set(goldens.map(({ name }) => name)).size).toBe(goldens.length);
  });
});
