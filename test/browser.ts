import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"];
const FIXED = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** The first Chrome or Chromium of this machine; undefined when there is none. */
function findBrowser(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const onPath = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...onPath, ...FIXED].find((path) => existsSync(path));
}

/** Whether tests in a browser are skipped: no browser, and nobody asked for certainty (`CI=true`). Says so once. */
export function skipWithoutBrowser(): boolean {
  if (findBrowser() !== undefined || process.env.CI === "true") return false;
  console.warn(
    "No Chrome or Chromium on PATH: the tests in a browser are skipped. Install one (Debian: apt-get install chromium).",
  );
  return true;
}

const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the browser without a window; throws a sentence when there is none. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (!executablePath) throw new Error("Cannot test in a browser: no Chrome or Chromium on PATH, and CI=true forbids to skip");
  return await chromium.launch({ executablePath, headless: true, args: ARGS });
}
