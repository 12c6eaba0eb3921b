import axe, { type AxeResults } from "axe-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { skipWithoutBrowser, startBrowser } from "#test/browser.ts";
import { startStage, type Stage } from "./stage.ts";
import { VIEWS } from "./views.ts";

const wide = { width: 1360, height: 900 };
const narrow = { width: 400, height: 860 };
/** Views that are laid out otherwise on a narrow screen. */
const narrowViews = ["channel", "drawer", "modal"];

describe.skipIf(skipWithoutBrowser())("axe finds no serious fault", () => {
  let browser: Browser;
  let stage: Stage;
  beforeAll(async () => {
    browser = await startBrowser();
    stage = await startStage();
    await stage.tell();
  });
  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  it.each(Object.entries(VIEWS))("in the view %s, light and dark", { timeout: 90_000 }, async (name, show) => {
    for (const viewport of narrowViews.includes(name) ? [wide, narrow] : [wide]) {
      const page = await browser.newPage({ viewport, colorScheme: "light" });
      await page.goto(stage.url);
      await show(page);
      await page.evaluate(axe.source);
      for (const scheme of ["light", "dark"]) {
        await page.evaluate((colours) => void (document.documentElement.style.colorScheme = colours), scheme);
        const { violations, passes } = await page.evaluate<AxeResults>("axe.run()");

        expect({ width: viewport.width, scheme, faults: violations.flatMap(graveOf) }).toMatchObject({ faults: [] });
        expect(passes.length).toBeGreaterThan(10);
      }
      await page.close();
      await stage.closeModals();
    }
  });
});

function graveOf({ id, impact, nodes }: AxeResults["violations"][number]): string[] {
  if (impact !== "serious" && impact !== "critical") return [];
  return nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`);
}
