import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createBadRows } from "#cli/bad-rows.ts";
import { InputError, type Line, readLines } from "#cli/input.ts";

const folder = await mkdtemp(join(tmpdir(), "k8s-why-input-"));

async function all(lines: AsyncIterable<Line>): Promise<Line[]> {
  const found: Line[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

async function linesOf(name: string, content: string | Buffer, maxLine?: number) {
  const path = join(folder, name);
  await writeFile(path, content);
  return all(readLines(path, { maxLine }));
}

describe("lines of a file", () => {
  it("have numbers; the byte order mark and Windows' line ends go", async () => {
    expect(await linesOf("a.csv", "\uFEFFone\r\n\ntwo")).toEqual([
      { line: 1, text: "one" },
      { line: 2, text: "" },
      { line: 3, text: "two" },
    ]);
  });

  it("come from gzip too, whatever the file is called, and across chunks", async () => {
    const words = Array.from({ length: 200_000 }, (_, index) => `ä${index}`);
    const lines = await linesOf("b.csv", gzipSync(`${words.join("\n")}\n`));
    expect(lines.map(({ text }) => text)).toEqual(words);
    expect(lines.at(-1)?.line).toBe(200_000);
  });

  it("that are too long are cut, and the next ones are whole", async () => {
    expect(await linesOf("c.csv", `${"x".repeat(700_000)}\nshort\n${"y".repeat(9)}`, 8)).toEqual([
      { line: 1, text: "xxxxxxxx", isCut: true },
      { line: 2, text: "short" },
      { line: 3, text: "yyyyyyyy", isCut: true },
    ]);
  });

  it("of an empty file are none", async () => {
    expect(await linesOf("d.csv", "")).toEqual([]);
    expect(await linesOf("d.csv.gz", gzipSync(""))).toEqual([]);
  });

  it.each([
    ["none.csv", undefined, /Cannot read ".*none\.csv": there is no such file\./],
    ["cut.gz", gzipSync("x".repeat(100_000)).subarray(0, 40), /its gzip is damaged or cut off/],
  ])("that cannot be read are a sentence: %s", async (name, content, message) => {
    const path = join(folder, name);
    if (content) await writeFile(path, content);
    const reading = all(readLines(path));
    await expect(reading).rejects.toThrow(InputError);
    await expect(reading).rejects.toThrow(message);
  });
});

describe("bad rows", () => {
  it("are counted, the first ones named, and the code is 2 unless they may be skipped", () => {
    const said: string[] = [];
    const [strict, lenient] = [false, true].map((skip) => createBadRows("x.csv", skip, (line) => said.push(line)));
    for (let line = 2; line < 14; line += 1) for (const rows of [strict!, lenient!]) rows.add(line, "its time is no date");
    expect(strict!.finish()).toBe(2);
    expect(said).toHaveLength(13);
    expect(said[0]).toBe('12 rows of "x.csv" cannot be used and were left out:');
    expect(said[1]).toBe("  line 2: its time is no date");
    expect(said[11]).toBe("  and 2 more");
    expect(lenient!.finish()).toBe(0);
    expect(createBadRows("x.csv", false).finish()).toBe(0);
  });
});
