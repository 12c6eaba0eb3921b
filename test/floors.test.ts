import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

/** Which rooms a room may open a door to (its own always). The roof may open every door. */
const floors: Record<string, readonly string[]> = {
  watchers: ["domain", "clients", "lib"],
  actions: ["domain", "clients", "lib"],
  bot: ["domain", "lib"],
  store: ["domain", "lib"],
  workflow: ["domain", "analysis", "lib"],
  analysis: ["domain"],
  clients: ["lib"],
  domain: [],
  lib: [],
};
const roof = ["", "cli", "config"];

/** Each vendor's package is known to one room. */
const vendors: Record<string, readonly string[]> = {
  "@kubernetes/client-node": ["clients"],
  undici: ["clients"],
  "@octokit/webhooks": ["watchers"],
  "@octokit/core": ["clients"],
  "@octokit/auth-app": ["clients"],
  "@octokit/plugin-retry": ["clients"],
  "@octokit/plugin-throttling": ["clients"],
  "@slack/bolt": ["bot"],
  "@slack/web-api": ["bot"],
  bullmq: ["store"],
  ioredis: ["store"],
  "libpg-query": ["clients"],
  "node-sql-parser": ["clients"],
};

interface Door {
  readonly file: string;
  readonly room: string;
  readonly to: string;
}

function doorsOf(files: readonly string[], root: string): Door[] {
  return files.flatMap((file) => {
    const text = readFileSync(file, "utf8");
    const room = file.slice(root.length + 1).includes("/") ? (file.slice(root.length + 1).split("/")[0] ?? "") : "";
    return [...text.matchAll(/(?<![\w"])(?:from|import)\s*\(?\s*"([^"\n]+)"/g)].map((match) => ({
      file,
      room,
      to: match[1] ?? "",
    }));
  });
}

const doors = doorsOf(globSync("src/**/*.ts"), "src");

describe("floors", () => {
  test("every door opens downward", () => {
    const upward = doors.filter(({ room, to }) => {
      if (!to.startsWith("#") || roof.includes(room)) return false;
      const other = to.slice(1).split("/")[0] ?? "";
      return other !== room && !floors[room]?.includes(other);
    });
    expect(upward.map(({ file, to }) => `${file} -> ${to}`)).toEqual([]);
  });

  test("every room has a floor", () => {
    expect([...new Set(doors.map((door) => door.room))].filter((room) => !roof.includes(room) && !floors[room])).toEqual([]);
  });

  test("no door goes through the stairwell (../)", () => {
    const all = [...doors, ...doorsOf(globSync("sim/**/*.{ts,tsx}"), "sim")];
    expect(all.filter(({ to }) => to.startsWith("../")).map(({ file, to }) => `${file} -> ${to}`)).toEqual([]);
  });

  test("a vendor's package is known to one room", () => {
    const strays = doors.filter(({ room, to }) =>
      Object.entries(vendors).some(([name, rooms]) => (to === name || to.startsWith(`${name}/`)) && !rooms.includes(room)),
    );
    expect(strays.map(({ file, to }) => `${file} -> ${to}`)).toEqual([]);
  });

  test("domain and analysis know no package, clock, network or file", () => {
    const strays = doors.filter(
      ({ room, to }) => ["domain", "analysis"].includes(room) && !to.startsWith("#") && !to.startsWith("./"),
    );
    expect(strays.map(({ file, to }) => `${file} -> ${to}`)).toEqual([]);
    const clocks = globSync("src/{domain,analysis,workflow}/**/*.ts").filter((file) =>
      /Date\.now\(|new Date\(\)|Math\.random\(/.test(readFileSync(file, "utf8")),
    );
    expect(clocks).toEqual([]);
  });

  test("the simulation and the program meet over HTTP only", () => {
    const sim = doorsOf(globSync("sim/**/*.{ts,tsx}"), "sim").filter(({ to }) => to.startsWith("#") && !to.startsWith("#sim/"));
    const src = doors.filter(({ to }) => to.startsWith("#sim/") || to.startsWith("#test/"));
    expect([...sim, ...src].map(({ file, to }) => `${file} -> ${to}`)).toEqual([]);
  });
});
