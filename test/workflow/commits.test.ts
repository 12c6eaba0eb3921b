import { describe, expect, it } from "vitest";
import { commitOfDeployment } from "#analysis/deployment-commit.ts";
import type { CommitGuess, Rollout } from "#domain/change.ts";
import type { Deployed } from "#domain/deployed.ts";
import { silentLog } from "#lib/log.ts";
import { createCommits } from "#workflow/commits.ts";
import { createMemo } from "#workflow/memo.ts";
import { HOUR, MINUTE, NOON, aLanding, aRollout, aSha, shopWebKey } from "#test/builders.ts";

function aDeployment(seed: string, at: number, over: Partial<Deployed> = {}): Deployed {
  const environment = over.environment ?? "production";
  return { sha: aSha(seed), at, environment, about: `${environment} deploy`, ...over };
}

describe("the commit of a deployment", () => {
  const at = NOON;
  const commitOf = (...deployments: Deployed[]) => commitOfDeployment(deployments, "web", at)?.sha;

  it("is that of the last one in the hour before", () => {
    expect(commitOf(aDeployment("old", at - 2 * HOUR))).toBeUndefined();
    expect(
      commitOf(aDeployment("a", at - 40 * MINUTE), aDeployment("b", at - 5 * MINUTE), aDeployment("c", at + 5 * MINUTE)),
    ).toBe(aSha("b"));
  });

  it("is of those that name the workload, if any do", () => {
    const named = aDeployment("named", at - 20 * MINUTE, { environment: "web-production", about: "web-production deploy" });
    const other = aDeployment("other", at - MINUTE, { about: "production website" });
    expect(commitOf(named, other)).toBe(aSha("named"));
  });

  it("is not of a test environment", () => {
    for (const environment of ["staging", "pr-12", "preview/x", "test"])
      expect(commitOf(aDeployment("s", at - MINUTE, { environment }))).toBeUndefined();
  });
});

function open(deployments: Deployed[], labels: Record<string, CommitGuess> = {}, fail = false) {
  const asked: string[] = [];
  const withCommits = createCommits({
    verbs: {
      deployments: async (repository) => {
        asked.push(repository);
        if (fail) throw new Error("GitHub is away");
        return deployments;
      },
      imageCommit: async (image) => {
        asked.push(image);
        if (fail) throw new Error("The registry is away");
        return labels[image];
      },
    },
    deployments: createMemo(10),
    images: createMemo(10),
    log: silentLog,
  });
  const run = async (changes: Parameters<typeof withCommits>[2]) => {
    const found = await withCommits(shopWebKey, "acme/shop", changes);
    return found.filter((change): change is Rollout => change.kind === "rollout");
  };
  return { asked, run };
}

describe("rollouts without a known commit", () => {
  it("get it from deployments, also what ran before", async () => {
    const { run, asked } = open([aDeployment("new", NOON - 31 * MINUTE), aDeployment("old", NOON - 5 * HOUR - MINUTE)]);
    const [first, second] = await run([
      aRollout({ revision: 6, at: NOON - 5 * HOUR }),
      aRollout({ revision: 7, at: NOON - 30 * MINUTE }),
    ]);
    expect(first?.commit).toEqual({ sha: aSha("old"), from: "deployment" });
    expect(second?.commit).toEqual({ sha: aSha("new"), from: "deployment" });
    expect(second?.previousCommit).toEqual({ sha: aSha("old"), from: "deployment" });
    expect(asked.filter((one) => one === "acme/shop")).toHaveLength(1);
  });

  it("get it from the images' labels where no deployment tells, both what runs and what ran", async () => {
    const label = (digit: string): CommitGuess => ({ sha: digit.repeat(40), from: "image-label" });
    const { run } = open([], { "registry/web:7": label("7"), "registry/web:6": label("6") });
    const [rollout] = await run([aRollout({ revision: 7 }), aLanding()]);
    expect([rollout?.commit, rollout?.previousCommit]).toEqual([label("7"), label("6")]);
  });

  it("ask nobody where all is known, and for no other workload", async () => {
    const commit: CommitGuess = { sha: aSha("x"), from: "image-tag" };
    const { run, asked } = open([]);
    await run([aRollout({ commit, previousCommit: commit }), aRollout({ workload: "prod/shop/cart" })]);
    expect(asked).toEqual([]);
  });

  it("stay as they are where GitHub and the registry are away", async () => {
    const rollout = aRollout();
    expect(await open([], {}, true).run([rollout])).toEqual([rollout]);
  });

  it("are looked for only so many times", async () => {
    const { run, asked } = open([]);
    await run(Array.from({ length: 200 }, (_, index) => aRollout({ revision: index + 2, at: NOON - (200 - index) * MINUTE })));
    expect(asked.length).toBeLessThanOrEqual(41);
  });
});
