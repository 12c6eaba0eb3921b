import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { mutations } from "./list.ts";

it.each(mutations)("$guarantee: its check and its test are where the list says", ({ file, check, test }) => {
  expect(readFileSync(file, "utf8").split(check)).toHaveLength(2);
  expect(readFileSync(test.file, "utf8")).toContain(JSON.stringify(test.name).slice(1, -1));
});
