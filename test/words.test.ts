import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Story, storyNames } from "#sim/scenarios/story.ts";
import { tellStory } from "#sim/scenarios/catalog.ts";

const sources = globSync("src/**/*.ts").map((file) => ({ file, text: readFileSync(file, "utf8").toLowerCase() }));
const stories: Story[] = storyNames.flatMap((name) => Array.from({ length: 20 }, (_, index) => tellStory(name, index + 1)));

/** An analysis that recognises a story by name would prove nothing. */
describe("the program knows no story", () => {
  test.each([
    ["names of stories", [...storyNames]],
    [
      "services, repositories and databases",
      stories.flatMap((story) => [
        // A service may be named with an ordinary word: only a string or a path that is the name counts.
        `"${story.service.name}"`,
        `/${story.service.name}/`,
        story.repository.fullName,
        ...Object.keys(story.databases),
      ]),
    ],
    ["people", stories.flatMap((story) => [story.onCall.email, story.author?.email ?? story.onCall.email])],
    ["what the culprit says of itself", stories.flatMap(saidByCulprit)],
    ["the load model's annotations", ["load/"]],
  ])("%s", (_what, words) => {
    const found = [...new Set(words)].flatMap((word) =>
      sources.filter(({ text }) => holds(text, word.toLowerCase())).map(({ file }) => `${file}: ${word}`),
    );
    expect(words.length).toBeGreaterThan(0);
    expect(found).toEqual([]);
  });
});

/** The titles of the bad landings, and the files that they touch. */
function saidByCulprit({ truth, repository, events }: Story): string[] {
  if (truth.kind !== "culprit") return [];
  const landed = [...repository.commits, ...events.flatMap((event) => (event.kind === "landing" ? event.commits : []))];
  const culprit = landed.find((commit) => commit.sha === truth.sha);
  return culprit ? [culprit.message.split("\n")[0] ?? "", ...culprit.files.map((file) => file.path)] : [];
}

function holds(text: string, word: string): boolean {
  const at = text.indexOf(word);
  if (at < 0) return false;
  return (
    new RegExp(`(?<![a-z0-9])${word.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![a-z0-9])`).test(text) || word.endsWith("/")
  );
}
