import { describe, expect, it } from "vitest";
import { parseOptions } from "#sim/demo/options.ts";
import { storyNames } from "#sim/scenarios/story.ts";

const scenariosOf = (...argv: string[]) => {
  const options = parseOptions(argv);
  return typeof options === "number" ? options : options.scenarios;
};

describe("the demo's command line", () => {
  it("plays every story with --all, and only the named one where one is named", () => {
    expect(scenariosOf("--all")).toEqual(storyNames);
    expect(scenariosOf("--all", "--scenario", "slow-leak")).toEqual(["slow-leak"]);
  });

  it("presses nothing with --guess, by itself, at the speed of --auto", () => {
    expect(parseOptions(["--guess"])).toMatchObject({ guess: true, auto: true, speed: 60 });
    expect(parseOptions([])).toMatchObject({ guess: false, auto: false });
  });
});
