import { describe, expect, it } from "vitest";
import { imageName, namesOf, type Subject } from "#analysis/ownership/guess.ts";
import { inferPaths } from "#analysis/ownership/infer.ts";
import type { RepositoryLayout } from "#domain/layout.ts";
import type { Landing, Rollout } from "#domain/change.ts";
import { HOUR, MINUTE, NOON, aFile, aLanding, aRollout, shopWeb } from "#test/builders.ts";

function aLayout(over: Partial<RepositoryLayout> = {}): RepositoryLayout {
  return { repository: "acme/shop", builds: [], deploys: [], owned: [], directories: [], ...over };
}

const web: Subject = { workload: shopWeb, images: ["registry.example/shop/web:main-abcdef1"] };
const build = (file: string, copies: readonly string[] = []) => ({ file, copies });
const deploy = (file: string, images: readonly string[] = []) => ({ file, images });
const infer = (layout: Partial<RepositoryLayout>, subject = web) =>
  inferPaths(subject, { layout: aLayout(layout), landings: [], rollouts: [] });

describe("names", () => {
  it.each([
    ["registry.example:5000/shop/web:7@sha256:abc", "shop/web"],
    ["shop/web:7", "shop/web"],
    ["web", "web"],
    ["localhost/web", "web"],
    ["", ""],
  ])("of the image %s: %s", (image, name) => expect(imageName(image)).toBe(name));

  it("are the workload's and its images'", () => {
    expect(namesOf({ ...web, images: ["a/frontend:1", "envoy:2"] })).toEqual(["web", "frontend", "envoy"]);
  });
});

describe("the repository's own layout", () => {
  it("gives the place of the Dockerfile", () => {
    expect(infer({ builds: [build("services/web/Dockerfile"), build("services/cart/Dockerfile")] })).toEqual({
      paths: ["services/web/"],
      from: "layout",
      why: "services/web/Dockerfile builds its image",
    });
  });

  it("gives what a Dockerfile that lies elsewhere copies, but not what others copy too", () => {
    const builds = [
      build("docker/web.Dockerfile", ["go/web/", "libs/web/"]),
      build("docker/cart.Dockerfile", ["go/cart/", "libs/web/"]),
    ];
    expect(infer({ builds })?.paths).toEqual(["go/web/"]);
  });

  it("gives charts of its name and manifests that name its image, with what builds it", () => {
    const deploys = [deploy("charts/web/Chart.yaml"), deploy("k8s/front/deployment.yaml", ["other.example/shop/web:1"])];
    const guess = infer({ builds: [build("apps/web/Dockerfile")], deploys });
    expect(guess?.paths).toEqual(["apps/web/", "charts/web/", "k8s/front/"]);
    expect(guess?.why).toBe("apps/web/Dockerfile and 2 more builds and deploys its image");
  });

  it("takes no place that deploys everything, and not the top", () => {
    const images = ["shop/web", "shop/cart", "shop/mail", "shop/search"];
    expect(
      infer({ deploys: [deploy("overlays/production/kustomization.yaml", images)], builds: [build("Dockerfile")] }),
    ).toBeUndefined();
  });

  it("by a name that fits very many places is no guess", () => {
    const builds = Array.from({ length: 20 }, (_, index) => build(`team-${index}/web/Dockerfile`));
    expect(infer({ builds })).toBeUndefined();
  });
});

describe("CODEOWNERS", () => {
  const owned = [
    { path: "go/web/", owners: ["@acme/storefront"] },
    { path: "go/cart/", owners: ["@acme/cart-team"] },
    { path: "libs/prices/", owners: ["@acme/team-web"] },
  ];

  it("gives what the team of its name owns, and a directory of its name", () => {
    expect(infer({ owned })).toEqual({
      paths: ["go/web/", "libs/prices/"],
      from: "codeowners",
      why: "CODEOWNERS gives go/web/, libs/prices/ to @acme/team-web",
    });
  });

  it("gives what the team that it names owns", () => {
    expect(infer({ owned }, { ...web, workload: { ...shopWeb, name: "x" }, images: [], team: "@acme/cart-team" })?.paths).toEqual(
      ["go/cart/"],
    );
  });

  it("knows nothing where nobody of that name owns anything", () => {
    expect(infer({ owned }, { ...web, workload: { ...shopWeb, name: "mail" }, images: [] })).toBeUndefined();
  });
});

describe("what earlier rollouts had in common", () => {
  /** Each landing of a service is rolled out for the workloads. */
  function shipped(directory: string, workloads: readonly string[], count: number): { landings: Landing[]; rollouts: Rollout[] } {
    const landings = Array.from({ length: count }, (_, index) =>
      aLanding({ at: NOON - 20 * HOUR + index * HOUR, files: [aFile(`${directory}/main.go`), aFile("go.mod")] }),
    );
    const rollouts = landings.flatMap(({ sha, at }, index) =>
      workloads.map((name) =>
        aRollout({
          workload: `prod/shop/${name}`,
          revision: index + 2,
          at: at + MINUTE,
          commit: { sha: sha.slice(0, 9), from: "image-tag" },
        }),
      ),
    );
    return { landings, rollouts };
  }
  const learn = (...parts: ReturnType<typeof shipped>[]) =>
    inferPaths(web, { landings: parts.flatMap(({ landings }) => landings), rollouts: parts.flatMap(({ rollouts }) => rollouts) });

  it("is the directory whose landings rolled out this workload and no other", () => {
    const guess = learn(shipped("code/storefront", ["web"], 4), shipped("code/basket", ["cart"], 6));
    expect(guess).toEqual({
      paths: ["code/storefront/"],
      from: "history",
      why: "its last 4 rollouts came with landings in code/storefront/, those of others did not",
    });
  });

  it("is nothing where every landing rolls out everything", () => {
    expect(learn(shipped("code/storefront", ["web", "cart", "mail"], 6))).toBeUndefined();
  });

  it("is nothing after too few rollouts", () => {
    expect(learn(shipped("code/storefront", ["web"], 2))).toBeUndefined();
  });

  it("is read from thousands of rollouts and landings at once", () => {
    const many = Array.from({ length: 50 }, (_, index) => shipped(`code/s${index}`, [`s${index}`], 40));
    expect(learn(shipped("code/storefront", ["web"], 10), ...many)?.paths).toEqual(["code/storefront/"]);
  });
});

it("what builds the image goes before CODEOWNERS", () => {
  const owned = [{ path: "owned/web/", owners: ["@a/b"] }];
  expect(infer({ owned, builds: [build("built/web/Dockerfile")] })?.paths).toEqual(["built/web/"]);
});
