// Pictures of every part of the local page, wide and narrow, light and dark, to be looked at:
//   node test/page/look.ts FOLDER [--only WORD]
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startBrowser } from "#test/browser.ts";
import { VIEWS } from "./views.ts";
import { startStage } from "./stage.ts";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { only: { type: "string", default: "" } } });
const folder = positionals[0] ?? "looks";
await mkdir(folder, { recursive: true });
await using stack = new AsyncDisposableStack();
const browser = await startBrowser();
stack.defer(async () => await browser.close());
const sizes = { wide: { width: 1360, height: 900 }, phone: { width: 400, height: 860 } };
for (const colorScheme of ["light", "dark"] as const) {
  for (const [size, viewport] of Object.entries(sizes)) {
    await using stage = await startStage();
    await stage.tell();
    for (const [name, show] of Object.entries(VIEWS)) {
      const file = `${name}-${size}-${colorScheme}`;
      if (!file.includes(values.only)) continue;
      const page = await browser.newPage({ viewport, colorScheme });
      await page.goto(stage.url);
      await show(page);
      await page.screenshot({ path: join(folder, `${file}.png`), animations: "disabled" });
      await page.close();
      await stage.closeModals();
    }
  }
}
