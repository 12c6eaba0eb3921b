import { cut, fitLines, fitMiddle, pack } from "#bot/fit.ts";
import { describe, expect, test } from "vitest";
import { nasty, randomFrom } from "./nasty.ts";
import { escape } from "#bot/escape.ts";

describe("cut", () => {
  test("leaves short text alone and marks what it cut", () => {
    expect(cut("abc", 3)).toBe("abc");
    expect(cut("abcd", 3)).toBe("ab…");
  });

  test("splits neither an entity nor a surrogate pair", () => {
    expect(cut("a&lt;b", 4)).toBe("a…");
    expect(cut("a&amp;bc", 7)).toBe("a&amp;…");
    expect(cut("😀😀", 4)).toBe("😀😀");
    expect(cut("a😀😀", 4)).toBe("a😀…");
    expect(cut("a😀😀", 3)).toBe("a…");
  });

  test("holds for whatever comes, at every length", () => {
    const random = randomFrom(1);
    for (let round = 0; round < 300; round += 1) {
      const text = escape(nasty(random), 5_000);
      const max = 1 + Math.floor(random() * 60);
      const short = cut(text, max);
      expect(short.length).toBeLessThanOrEqual(max);
      expect(short.isWellFormed()).toBe(true);
      expect(short.replace(/&(amp|lt|gt);/g, "")).not.toContain("&");
    }
  });
});

test("lines that do not fit are counted", () => {
  expect(fitLines(["aaaa", "bbbb"], 100)).toBe("aaaa\nbbbb");
  expect(
    fitLines(
      Array.from({ length: 9 }, () => "x".repeat(10)),
      45,
    ),
  ).toBe(`${"x".repeat(10)}\n${"x".repeat(10)}\n… 7 more`);
});

test("a long list loses its middle and says how much", () => {
  const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`);
  const short = fitMiddle(lines, 200);
  expect(short.join("\n").length).toBeLessThanOrEqual(200);
  expect(short[0]).toBe("line 0");
  expect(short.at(-1)).toBe("line 99");
  expect(short.find((line) => line.startsWith("…"))).toBe(`… ${100 - short.length + 1} entries left out …`);
  expect(fitMiddle(["a", "b"], 200)).toEqual(["a", "b"]);
});

test("lines are packed into texts", () => {
  expect(pack(["aa", "bb", "cc"], 5)).toEqual(["aa\nbb", "cc"]);
});
