import { describe, expect, it } from "vitest";
import { correlate } from "#analysis/correlate.ts";
import { lookedAt } from "#analysis/looked.ts";
import type { Change, ConfigEdit, ReportedChange } from "#domain/change.ts";
import {
  HOUR,
  MINUTE,
  NOON,
  aConfigEdit,
  aFile,
  aLanding,
  aPoolChange,
  aReport,
  aRollout,
  aScaling,
  anAutoscalerEdit,
  anOwnership,
  shopWebKey,
} from "#test/builders.ts";

const earlier = NOON - HOUR;

function candidatesOf(changes: readonly Change[], onsetAt = NOON) {
  return correlate({
    workload: shopWebKey,
    changes,
    ownership: anOwnership(),
    onset: { at: onsetAt, clearAt: onsetAt },
    windowMs: 72 * HOUR,
    now: NOON + HOUR,
  }).candidates;
}

function bearingOfConfig(over: Partial<ConfigEdit>): string | undefined {
  return candidatesOf([aConfigEdit({ at: earlier, ...over })])[0]?.bearing;
}

function bearingOfReport(over: Partial<ReportedChange>): string | undefined {
  return candidatesOf([aReport({ at: earlier, ...over })])[0]?.bearing;
}

describe("what was looked at", () => {
  it("is kept in a line each, the latest first, 300 at most", () => {
    const many = Array.from({ length: 320 }, (_, index) =>
      aReport({ id: `r${index}`, at: NOON - (index + 1) * MINUTE, title: `Report ${index}` }),
    );
    const looked = lookedAt(candidatesOf(many)) ?? [];
    expect(looked).toHaveLength(300);
    expect(looked.map(({ at }) => at)).toEqual(many.slice(0, 300).map(({ at }) => at));
    expect(looked[0]?.text).toContain("Report 0");
  });

  it("names a landing with its author, and whose rollout it was", () => {
    const landing = aLanding({ at: earlier + 1, message: "Keep prices\n\nmore" });
    const cart = aRollout({ at: earlier, workload: "prod/shop/cart", revision: 4 });
    expect(lookedAt(candidatesOf([landing, cart]))?.map(({ text }) => text)).toEqual([
      `${landing.sha.slice(0, 7)} Keep prices · ${landing.author.name}`,
      "Revision 4 of shop/cart rolls out",
    ]);
  });
});

describe("candidates of every kind", () => {
  it("are changes up to the onset, and none after it", () => {
    const kinds = [
      aScaling({ at: earlier }),
      anAutoscalerEdit({ at: earlier }),
      aPoolChange({ at: earlier }),
      aConfigEdit({ at: earlier }),
      aReport({ at: earlier }),
      aRollout({ at: earlier, workload: "prod/shop/cart" }),
      aRollout({ at: earlier }),
      aLanding({ at: earlier + 1 }),
    ];
    expect(candidatesOf(kinds)).toHaveLength(kinds.length);
    expect(candidatesOf(kinds, earlier - 1)).toHaveLength(0);
  });

  it("are never what we did ourselves", () => {
    const ours = [aScaling({ at: earlier, tool: "k8s-why" }), anAutoscalerEdit({ at: earlier, tool: "k8s-why" })];
    expect(candidatesOf(ours)).toHaveLength(0);
  });

  it("are landings of other repositories too: about it where a path carries its name", () => {
    const repository = "acme/config";
    const own = aLanding({ at: earlier, repository, message: "Raise limits\n\nmore", files: [aFile("apps/web/values.yaml")] });
    const other = aLanding({ at: earlier + 1, repository, files: [aFile("apps/website/values.yaml")] });
    expect(candidatesOf([own, other])).toMatchObject([
      { id: own.id, bearing: "own", other: { kind: "reported", title: "Raise limits (acme/config)", url: own.url } },
      { id: other.id, bearing: "elsewhere" },
    ]);
  });

  it("are told once where an edit was heard and found again at a start", () => {
    const heard = aConfigEdit({ at: earlier });
    const found = aConfigEdit({ at: earlier, id: `${heard.id}/found`, keys: [] });
    const alone = aConfigEdit({ at: earlier - 1, id: "x/found", keys: [] });
    expect(candidatesOf([heard, found, alone]).map(({ id }) => id)).toEqual([alone.id, heard.id]);
  });

  it("are not of another cluster", () => {
    const foreign = [
      aPoolChange({ at: earlier, cluster: "test" }),
      aConfigEdit({ at: earlier, cluster: "test" }),
      aScaling({ at: earlier, workload: "test/shop/web" }),
      aRollout({ at: earlier, workload: "test/shop/web" }),
    ];
    expect(candidatesOf(foreign)).toHaveLength(0);
  });

  it("of other workloads stand apart from its own", () => {
    const [own, other] = [aScaling({ at: earlier }), aScaling({ id: "b", at: earlier, workload: "prod/shop/cart" })];
    expect(candidatesOf([own, other]).map(({ bearing }) => bearing)).toEqual(["own", "elsewhere"]);
    const deploy = aRollout({ at: earlier, workload: "prod/shop/cart" });
    expect(candidatesOf([deploy])).toEqual([
      { id: deploy.id, at: earlier, elsewhere: deploy, bearing: "elsewhere", via: "none" },
    ]);
  });

  it("of other workloads are few, however many there were: the latest", () => {
    const deploys = Array.from({ length: 5_000 }, (_, index) =>
      aRollout({ workload: `prod/shop/s${index}`, at: earlier - index * 1_000 }),
    );
    const found = candidatesOf(deploys);
    expect(found).toHaveLength(200);
    expect(Math.min(...found.map(({ at }) => at))).toBe(earlier - 199_000);
  });
});

describe("a configuration edit", () => {
  it.each([
    ["own", { usedBy: [shopWebKey] }],
    ["place", {}],
    ["elsewhere", { usedBy: ["prod/shop/cart"] }],
    ["cluster", { object: "PriorityClass", namespace: undefined }],
    ["cluster", { namespace: "kube-system", name: "coredns" }],
    ["elsewhere", { namespace: "other" }],
  ])("bears on the workload as %s", (bearing, over) => expect(bearingOfConfig(over)).toBe(bearing));
});

describe("a reported change", () => {
  it.each([
    ["own", { workloads: [shopWebKey] }],
    ["elsewhere", { workloads: ["prod/shop/cart"] }],
    ["cluster", {}],
    ["place", { repository: "acme/shop" }],
    ["own", { repository: "acme/shop", paths: ["services/web/src"] }],
    ["own", { repository: "acme/shop", paths: ["services"] }],
    ["elsewhere", { repository: "acme/shop", paths: ["services/website"] }],
    ["elsewhere", { repository: "acme/other" }],
  ])("bears on the workload as %s", (bearing, over) => expect(bearingOfReport(over)).toBe(bearing));
});

it("ten thousand changes of all kinds are read in well under a second", () => {
  const changes = Array.from({ length: 10_000 }, (_, index): Change => {
    const at = NOON - index * MINUTE * 0.4;
    return index % 2 ? aConfigEdit({ name: `c${index}`, at }) : aRollout({ workload: `prod/shop/s${index}`, at });
  });
  expect(candidatesOf(changes).length).toBeLessThanOrEqual(5_200);
});
