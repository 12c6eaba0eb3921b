import { describe, expect, it } from "vitest";
import { pushSchema, toLandings } from "#watchers/github/push.ts";
import { aPush, aPushedCommit, sha } from "./builders.ts";

const landingsOf = (...commits: Record<string, unknown>[]) =>
  toLandings(pushSchema.parse(aPush({ commits: commits.map((commit, index) => aPushedCommit({ id: sha(index), ...commit })) })));

describe("what a push landed", () => {
  it("is every commit, also one that another branch had before", () => {
    const landings = landingsOf({ message: "one (#7)" }, { message: "two", distinct: false }, { id: sha(0), message: "again" });

    expect(landings.map(({ sha, pullRequest }) => [sha, pullRequest])).toEqual([
      [sha(0), undefined],
      [sha(1), undefined],
    ]);
    expect(landingsOf({ message: 'Revert "one (#7)" (#8)\n\nbody (#9)' })[0]).toMatchObject({
      kind: "landing",
      id: `landing/acme/shop/${sha(0)}`,
      pullRequest: 8,
      at: Date.UTC(2026, 2, 4, 1),
      filesTotal: 1,
      files: [{ path: "services/cart/cart.ts", status: "modified" }],
    });
  });

  it("is one landing for a pull request's merge, by the author of what it brought", () => {
    const landings = landingsOf(
      { added: ["b", "gone"], modified: [], author: { name: "Bo", username: "bo" } },
      { modified: ["a", "b"], removed: ["gone", "c"], author: { name: "Cy", email: null, username: null } },
      { message: "Merge pull request #12 from acme/topic\n\nfeat: topic", modified: [] },
      { message: "chore: after" },
    );

    expect(landings.map(({ sha }) => sha)).toEqual([sha(2), sha(3)]);
    expect(landings[0]).toMatchObject({
      pullRequest: 12,
      author: { name: "Cy" },
      message: expect.stringMatching(/topic\n\nfeat: topic$/) as string,
    });
    expect(landings[0]?.files).toEqual([
      { path: "a", status: "modified" },
      { path: "b", status: "added" },
      { path: "c", status: "removed" },
    ]);
  });

  it("is a landing each for the merges of a merge queue", () => {
    const merge = (number: number) => ({ message: `Merge pull request #${number} from acme/topic`, modified: [] });
    const landings = landingsOf({ modified: ["a"] }, merge(1), { modified: ["b"] }, merge(2));
    expect(landings.map(({ pullRequest, files }) => [pullRequest, files[0]?.path])).toEqual([
      [1, "a"],
      [2, "b"],
    ]);
  });

  it("is nothing when a push has no commits", () => {
    expect(landingsOf()).toEqual([]);
  });
});
