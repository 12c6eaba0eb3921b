import { describe, expect, it } from "vitest";
import type { Change } from "#domain/change.ts";
import type { RepositoryLayout } from "#domain/layout.ts";
import { createMemo } from "#workflow/memo.ts";
import { createOwnership, type OwnershipOptions } from "#workflow/ownership.ts";
import { silentLog } from "#lib/log.ts";
import { aLanding, aRollout, aState } from "#test/builders.ts";

const layout: RepositoryLayout = {
  repository: "acme/shop",
  builds: [{ file: "code/web/Dockerfile", copies: [] }],
  deploys: [],
  owned: [],
  directories: [],
};
const shop = { name: "acme/shop", branch: "main" };

function open(over: Partial<OwnershipOptions> = {}) {
  const asked: string[] = [];
  const ownershipOf = createOwnership({
    verbs: {
      layout: async (repository, ref) => {
        asked.push(`${repository}@${ref}`);
        return layout;
      },
    },
    rules: [],
    repositories: [shop],
    layouts: createMemo(10),
    log: silentLog,
    ...over,
  });
  return { asked, ownershipOf };
}

describe("whose code a workload runs", () => {
  it("is what the configuration says, then what its annotations say; the layout only tells what it imports", async () => {
    const rules = [{ workload: "shop/web", repository: "acme/shop", paths: ["/services/web"] }];
    const { ownershipOf, asked } = open({ rules });
    const annotations = { "k8s-why.dev/repository": "acme/other", "k8s-why.dev/paths": "a, /b/" };
    expect(await ownershipOf(aState({ annotations }), [])).toMatchObject({ paths: ["services/web/"], from: "configuration" });
    expect(await open().ownershipOf(aState({ annotations }), [])).toMatchObject({
      repository: "acme/other",
      paths: ["a/", "b/"],
      from: "annotation",
    });
    expect(await open().ownershipOf(aState({ annotations: { "k8s-why.dev/paths": "a" } }), [])).toMatchObject({
      repository: "acme/shop",
      paths: ["a/"],
    });
    expect(asked).toEqual(["acme/shop@main"]);
    const copies = ["services/web/", "libs/http/", "services/web/gen/"];
    const built = {
      ...layout,
      builds: [
        { file: "build/web.Dockerfile", copies },
        { file: "services/cart/Dockerfile", copies: ["libs/cart/"] },
      ],
    };
    expect(await open({ rules, verbs: { layout: async () => built } }).ownershipOf(aState(), [])).toMatchObject({
      paths: ["services/web/"],
      imports: ["libs/http/"],
    });
  });

  it("is told by the repository's layout, read once a head", async () => {
    const { ownershipOf, asked } = open();
    const landing = aLanding();
    expect(await ownershipOf(aState(), [landing])).toEqual({
      repository: "acme/shop",
      branch: "main",
      paths: ["code/web/"],
      from: "layout",
      why: "code/web/Dockerfile builds its image",
    });
    await ownershipOf(aState(), [landing]);
    await ownershipOf(aState(), [landing, aLanding({ repository: "acme/other" })]);
    expect(asked).toEqual([`acme/shop@${landing.sha}`]);
  });

  it("is a directory of its name where GitHub is away or knows nothing", async () => {
    const away = async () => {
      throw new Error("GitHub is away");
    };
    for (const layout of [away, async () => undefined]) {
      const { ownershipOf } = open({ verbs: { layout } });
      expect(await ownershipOf(aState(), [])).toMatchObject({ from: "name", repository: "acme/shop" });
    }
  });

  it("is where a directory of its name is, if nothing better is known", async () => {
    const verbs = {
      layout: async () => ({ ...layout, builds: [], directories: ["code/", "code/go/", "code/go/web/", "code/website/"] }),
    };
    expect(await open({ verbs }).ownershipOf(aState(), [])).toMatchObject({ from: "name", paths: ["code/go/web/"] });
  });

  it("of several repositories is that in which its running commit landed", async () => {
    const { ownershipOf } = open({ repositories: [{ name: "acme/config", branch: "main" }, shop] });
    const landing = aLanding();
    const changes: Change[] = [landing, aRollout({ commit: { sha: landing.sha.slice(0, 8), from: "image-tag" } })];
    expect(await ownershipOf(aState(), changes)).toMatchObject({ repository: "acme/shop", from: "layout" });
    expect(await ownershipOf(aState(), [landing])).toEqual({ paths: [], from: "unknown" });
  });
});
