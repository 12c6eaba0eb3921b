import { expect, test } from "vitest";
import { createLineSplitter } from "#clients/kubernetes/lines.ts";

function split(maxBytes: number, ...chunks: string[]): { lines: string[]; tooLong: number } {
  const lines: string[] = [];
  let tooLong = 0;
  const splitter = createLineSplitter(
    maxBytes,
    (line) => void lines.push(line),
    () => void tooLong++,
  );
  for (const chunk of chunks) splitter.push(Buffer.from(chunk));
  return { lines, tooLong };
}

test("cuts lines wherever chunks end, and drops empty ones", () => {
  expect(split(100, "a", "b\nc\n\n", "d", "\n", "rest").lines).toEqual(["ab", "c", "d"]);
});

test("skips a line that is too long, and only that one", () => {
  expect(split(5, "12345\n123", "4567", "89\nok\n123456\n")).toEqual({ lines: ["12345", "ok"], tooLong: 2 });
});
