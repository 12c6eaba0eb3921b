import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";

const folder = await mkdtemp(join(tmpdir(), "k8s-why-backtest-"));
const start = Date.parse("2026-01-05T00:00:00Z");
const iso = (hours: number) => new Date(start + hours * 3_600_000).toISOString();

/** A week at 30, then 45, 66, 90. */
const rows = [
  `shop/web,${iso(0)},30`,
  ...Array.from({ length: 170 }, (_, hour) => `shop/web,${iso(hour)},${30 + (hour % 2)}`),
  ...[45, 66, 90].map((desired, index) => `shop/web,${iso(171 + index / 60)},${desired}`),
];
const csv = (lines: readonly string[] = rows, head = "workload,at,desired") => `${[head, ...lines].join("\n")}\n`;

/** Runs the program as a person would. */
async function backtest(content: string | Buffer, ...more: string[]) {
  const path = join(folder, "samples.csv");
  await writeFile(path, content);
  return run(["--samples", path, ...more]);
}

async function run(argv: readonly string[], input?: string) {
  const child = spawn(process.execPath, ["src/main.ts", "backtest", ...argv]);
  child.stdin.end(input);
  const [out, err] = ["", ""].map((text) => ({ text }));
  child.stdout.on("data", (chunk: Buffer) => (out!.text += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err!.text += chunk.toString()));
  const code = await new Promise((resolve) => child.on("close", resolve));
  const spikes = out!.text.split("\n").filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore
  return { code, spikes, err: err!.text };
}

describe("k8s-why backtest", () => {
  it("writes a line a spike, from a file or gzip of one", async () => {
    for (const content of [csv(), gzipSync(csv())]) {
      const { code, spikes, err } = await backtest(content);
      expect(spikes).toEqual([
        {
          workload: "shop/web",
          startedAt: expect.stringMatching(/^2026-01-12T03:00/) as string,
          detectedAt: iso(171 + 1 / 60),
          value: 66,
          baseline: expect.closeTo(31, 0) as number,
          ratio: expect.closeTo(2.15, 1) as number,
          reason: expect.stringMatching(/^66 replicas: 2\.\d times its usual 3\d/) as string,
        },
      ]);
      expect(code).toBe(0);
      expect(err).toMatch(/^174 rows, 1 spikes?, [\d.]+ s, [\d,]+ rows a second\n$/);
    }
  });

  it("reads standard input and writes a file", async () => {
    const out = join(folder, "out.ndjson");
    expect(await run(["--samples", "-", "--out", out], csv())).toMatchObject({ code: 0, spikes: [] });
    expect((await readFile(out, "utf8")).split("\n")).toHaveLength(2);
  });

  it("takes fields in any order, quoted, with a ceiling; and says which column it does not know", async () => {
    const moved = rows.map((row) => row.split(",")).map(([name, at, desired]) => `"${at}",x,${desired},"${name}",400`);
    const { code, spikes, err } = await backtest(csv(moved, '"at",team,desired,workload,max'));
    expect(spikes).toHaveLength(1);
    expect(spikes[0]!.reason).toMatch(/At this rate its ceiling of 400 is reached in \d+ minutes\.$/);
    expect(err).toContain('The column "team" is not known and not read.');
    expect(code).toBe(0);
  });

  it("counts and names bad rows; without --skip-bad the code is 2", async () => {
    const bad = [
      "shop/web,yesterday,5",
      "shop/web,2026-01-12T03:00:00,5",
      `shop/web,${iso(172)},-1`,
      `shop/web,${iso(3)},5`,
      `,${iso(173)},5`,
      `shop/web,${iso(173)}`,
      `"shop/web,${iso(173)},5`,
    ];
    const strict = await backtest(csv([...rows, ...bad]));
    expect(strict.code).toBe(2);
    expect(strict.spikes).toHaveLength(1);
    expect(strict.err).toContain('7 rows of "');
    expect(strict.err).toContain('  line 176: "yesterday" is no time such as 2026-01-31T09:30:00Z\n');
    expect(strict.err).toContain('  line 179: its time is before the one of the row before it of "shop/web"\n');
    expect(strict.err).toContain("  line 180: it names no workload\n");
    expect(strict.err).toContain("  line 182: ");
    expect(await backtest(csv([...rows, ...bad]), "--skip-bad")).toMatchObject({ code: 0 });
  });

  it("says in a sentence that there is no such file, and where it cannot write", async () => {
    const missing = join(folder, "none.csv");
    expect(await run(["--samples", missing])).toEqual({
      code: 2,
      spikes: [],
      err: `Cannot read "${missing}": there is no such file.\n`,
    });
    const out = join(folder, "none", "out.ndjson");
    const { code, err } = await backtest(csv(), "--out", out);
    expect(err).toContain(`Cannot write "${out}": ENOENT`);
    expect(code).toBe(2);
  });

  it.each([
    ["", /is empty: expected a first line "workload,at,desired"/],
    ["workload,at,desired\n", /has no rows after its first line\./],
    ["workload,at\nx,y\n", /its first line lacks "desired"/],
    ["workload,at,desired\nx,y,z\n", /has no row that can be used: line 2: "y" is no time/],
    ["\u0000\u0001PNG", /its first line lacks/],
  ])("says in a sentence what is wrong with %j", async (content, sentence) => {
    const { code, err, spikes } = await backtest(content);
    expect(err).toMatch(sentence);
    expect({ code, spikes }).toEqual({ code: 2, spikes: [] });
  });
});
