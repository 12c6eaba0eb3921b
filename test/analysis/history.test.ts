import { describe, expect, it } from "vitest";
import type { Landing } from "#domain/change.ts";
import { createHistory } from "#analysis/history.ts";
import { kindsOfContext, kindsOfRisk } from "#analysis/evidence/all.ts";
import { knowledgeOf, learntWeights, weigh } from "#analysis/weights.ts";
import { DAY, HOUR, MINUTE, NOON, aConfigEdit, aFile, aLanding } from "#test/builders.ts";

function aWeek(): Landing[] {
  return Array.from({ length: 120 }, (_value, index) =>
    aLanding({
      at: NOON - 60 * DAY + index * 12 * HOUR,
      files: [aFile(`services/s${index % 6}/src/a${index % 4}.ts`)],
      message: `feat: change ${index}`,
      author: { name: `author ${index % 5}` },
    }),
  );
}

function asked(landings: readonly Landing[], over: Partial<Parameters<ReturnType<typeof createHistory>["rankAt"]>[0]> = {}) {
  const history = createHistory();
  for (const landing of landings) history.add(landing);
  return history.rankAt({ id: "one", at: NOON, ...over });
}

describe("ranking a history", () => {
  it("gives suspects and none shares that add up to 1", () => {
    const { suspects, none } = asked(aWeek());
    expect(suspects.length).toBeGreaterThan(3);
    expect(none + suspects.reduce((sum, one) => sum + one.probability, 0)).toBeCloseTo(1, 9);
  });

  it("prefers what touches the service", () => {
    const own = aLanding({ at: NOON - 20 * HOUR, files: [aFile("services/pay/charge.ts")] });
    const { suspects } = asked([...aWeek(), own], { service: "services/pay" });
    expect(suspects[0]?.id).toBe(own.id);
    expect(suspects[0]?.evidence.find((one) => one.kind === "touches-service")).toMatchObject({ for: true });
  });

  it.each([
    ["its name", { services: ["shop/Pay"] }, true],
    ["its workload's name", { workload: "prod/shop/pay" }, true],
    ["a name that fits nothing", { services: ["billing"] }, false],
    ["a directory, which goes before names", { service: "services/s1", services: ["pay"] }, false],
  ])("finds the service's code by %s", (_what, over, isFound) => {
    const own = aLanding({ at: NOON - 20 * HOUR, files: [aFile("services/pay/charge.ts")] });
    const found = asked([...aWeek(), own], over).suspects.find(({ id }) => id === own.id);
    expect(found?.evidence.some(({ text }) => text === "It touches 1 file of this service (services/pay).")).toBe(isFound);
  });

  it("takes no name for a guess that fits very many places", () => {
    const many = Array.from({ length: 9 }, (_, index) =>
      aLanding({ at: NOON - 20 * HOUR + index, files: [aFile(`teams/t${index}/pay/charge.ts`)] }),
    );
    const { suspects } = asked([...aWeek(), ...many], { services: ["pay"] });
    expect(suspects.flatMap(({ evidence }) => evidence).some(({ kind }) => kind === "touches-service")).toBe(false);
  });

  it("prefers what shares rare words with the symptom", () => {
    const words = aLanding({ at: NOON - 20 * HOUR, files: [aFile("services/s1/a.ts")], message: "Cache the webhook signatures" });
    const before = asked([...aWeek(), words]).suspects.find((one) => one.id === words.id);
    const after = asked([...aWeek(), words], { symptom: "webhook signatures are refused" }).suspects.find(
      (one) => one.id === words.id,
    );
    expect(after?.probability).toBeGreaterThan(2 * (before?.probability ?? 1));
  });

  it("thinks little of reverts", () => {
    const plain = aLanding({ at: NOON - HOUR, message: "Show prices" });
    const revert = { ...plain, message: 'Revert "Show prices"' };
    const share = (landing: Landing) =>
      asked([...aWeek(), landing]).suspects.find((one) => one.id === landing.id)?.probability ?? 0;
    expect(share(revert)).toBeLessThan(share(plain) / 4);
  });

  it("leaves out what it is told to, also from what it learns", () => {
    const own = aLanding({ at: NOON - 5 * HOUR });
    const revert = aLanding({ at: NOON, message: `Revert it\n\nThis reverts commit ${own.sha}.` });
    const { suspects } = asked([...aWeek(), own, revert], { leaveOut: revert.id });
    expect(suspects.map((one) => one.id)).not.toContain(revert.id);
    expect(suspects.find((one) => one.id === own.id)?.evidence.map((one) => one.kind)).not.toContain("taken-back");
  });

  it("names changes of other kinds too", () => {
    const history = createHistory();
    const edit = aConfigEdit({ at: NOON - 5 * MINUTE, usedBy: ["prod/shop/web"] });
    for (const landing of aWeek()) history.add(landing);
    history.add(edit);
    const { suspects } = history.rankAt({ id: "one", at: NOON, workload: "prod/shop/web" });
    expect(suspects[0]?.subject).toEqual({ kind: "other", change: edit });
  });

  it("tells evidence of as many as are asked for", () => {
    const history = createHistory();
    for (const landing of aWeek()) history.add(landing);
    const { suspects } = history.rankAt({ id: "one", at: NOON }, { told: 2 });
    expect(suspects.map((one) => one.evidence.length > 0)).toEqual(suspects.map((_one, index) => index < 2));
  });
});

describe("learnt weights", () => {
  it("know every feature that evidence holds, and no other", () => {
    const history = createHistory();
    const landings = aWeek();
    for (const landing of landings) history.add(landing);
    const scene = history.sceneAt({ id: "one", at: NOON, service: "services/s1", symptom: "change of feat 12" });
    const found = scene.window.candidates.flatMap((candidate) =>
      [...kindsOfContext, ...kindsOfRisk].flatMap((kind) => Object.keys(kind(candidate, scene)?.features ?? {})),
    );
    expect(new Set(Object.keys(learntWeights.features.hint))).toEqual(new Set(found));
    expect(
      Object.values(learntWeights.features)
        .flatMap((some) => Object.values(some))
        .every(({ weight, mean }) => Number.isFinite(weight + mean)),
    ).toBe(true);
  });

  it("count from the mean", () => {
    expect(weigh({ a: 3, unknown: 9 }, new Map([["a", { weight: 2, mean: 1 }]]))).toBe(4);
  });

  it("trust what people say more than guesses", () => {
    expect(knowledgeOf({ paths: ["a/"], from: "annotation" })).toBe("known");
    expect(knowledgeOf({ paths: ["a/"], from: "name" })).toBe("hint");
    expect(knowledgeOf({ paths: [], from: "configuration" })).toBe("unknown");
  });
});
