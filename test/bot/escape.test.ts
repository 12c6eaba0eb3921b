import { code, escape, link, titleOf } from "#bot/escape.ts";
import { describe, expect, test } from "vitest";
import { nasty, randomFrom } from "./nasty.ts";

describe("escape", () => {
  test.each([
    ["a < b & c > d", "a &lt; b &amp; c &gt; d"],
    ["<!channel> @here", "&lt;!channel&gt; ＠here"],
    ["`rm` *now* ~x~", "'rm' ∗now∗ ∼x∼"],
    ["two\nlines\r\nand\ttabs\u0000", "two lines and tabs"],
    ["abc\u202edef\u200b\ufeff", "abcdef"],
    ["\ud800x", "\ufffdx"],
  ])("%j", (text, safe) => expect(escape(text, 200)).toBe(safe));

  test("3 MB are cut, and fast", () => {
    expect(escape("<".repeat(3_000_000), 100)).toMatch(/^(&lt;)+…$/);
    expect(escape("x".repeat(3_000_000), 100)).toHaveLength(100);
  });

  test("whatever comes stays one safe line", () => {
    const random = randomFrom(2);
    for (let round = 0; round < 500; round += 1) {
      const safe = escape(nasty(random), 200);
      expect(safe).not.toMatch(/[<>\n\r`*]|@channel|@here|\p{Cf}/iu);
      expect(safe.length).toBeLessThanOrEqual(200);
    }
  });
});

test("a title is the first line of a message", () => {
  expect(titleOf("\n\n feat: a\n\nbody", 100)).toBe("feat: a");
  expect(titleOf("", 100)).toBe("(no message)");
  expect(titleOf("\u200b", 100)).toBe("(no message)");
});

test("code cannot be left by a backtick", () => expect(code("a`b<", 20)).toBe("`a'b&lt;`"));

test.each([
  ["https://a.example/x?a=1&b=2", "<https://a.example/x?a=1&amp;b=2|label>"],
  ["https://a.example/<!channel>|x", "<https://a.example/%3C!channel%3E%7Cx|label>"],
  ["javascript:alert(1)", "label"],
  ["https://user:secret@a.example/", "label"],
  ["not an address", "label"],
  [`https://a.example/${"x".repeat(400)}`, "label"],
  [undefined, "label"],
])("link to %s", (url, expected) => expect(link(url, "label")).toBe(expected));
