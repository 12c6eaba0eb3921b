import { MINUTE, NOON, SECOND, aDiagnosis, aLanding, anIncident, shopWeb } from "#test/builders.ts";
import { type Traits, sharedBy, traitsOf } from "#analysis/shared.ts";
import { calmAt, receive } from "#analysis/storm.ts";
import { describe, expect, it, test } from "vitest";
import type { Weather } from "#domain/storm.ts";
import { suffersOf } from "#analysis/suffers.ts";
import { aPool, aState } from "#test/builders.ts";

const settings = { incidents: 5, windowMs: 10 * MINUTE, waitMs: 20 * SECOND };
const clear: Weather = { arrivals: [] };

/** Incidents become due one after the other; what comes of each, and the weather then. */
function play(due: readonly (readonly [id: string, at: number])[], from = clear) {
  let weather = from;
  const kinds = due.map(([id, at]) => {
    const got = receive(weather, "C1", { id }, at, settings);
    weather = got.weather;
    return got.verdict.kind;
  });
  return { kinds, weather };
}
const ids = (count: number) => Array.from({ length: count }, (_, index) => `i${index}`);

describe("a storm", () => {
  test("one alone waits a little for others, and is told", () => {
    expect(receive(clear, "C1", { id: "a" }, NOON, settings).verdict).toEqual({ kind: "wait", until: NOON + 20 * SECOND });
    expect(play([["a", NOON], ["a", NOON + 19 * SECOND], ["a", NOON + 20 * SECOND]]).kinds).toEqual(["wait", "wait", "tell"]); // prettier-ignore
  });

  test("five are told one by one; the sixth within the window begins it, with all that waited from the start", () => {
    const due = ids(5).map((id) => [id, NOON] as const);
    expect(play([...due, ...due.map(([id]) => [id, NOON + MINUTE] as const)]).kinds).toEqual([
      ...Array<string>(5).fill("wait"),
      ...Array<string>(5).fill("tell"),
    ]);
    const { kinds, weather } = play(ids(6).map((id) => [id, NOON + SECOND]));
    expect(kinds.at(-1)).toBe("storm");
    expect(weather.storm).toEqual({
      id: `storm-C1-${NOON + SECOND}`,
      startedAt: NOON + SECOND,
      incidents: ids(6),
    });
  });

  test("those that were told before keep their messages and are no part of it", () => {
    const { weather } = play([["a", NOON], ["a", NOON + MINUTE], ...ids(5).map((id) => [id, NOON + 2 * MINUTE] as const)]); // prettier-ignore
    expect(weather.storm?.incidents).toEqual(ids(5));
  });

  test("six that are further apart than the window are none", () => {
    const due = ids(6).flatMap((id, index) => [[id, NOON + index * 3 * MINUTE], [id, NOON + index * 3 * MINUTE + MINUTE]] as const); // prettier-ignore
    expect(play(due).kinds.filter((kind) => kind === "tell")).toHaveLength(6);
  });

  test("who comes while it is on joins it at once, once", () => {
    const { weather } = play([...ids(6).map((id) => [id, NOON] as const), ["late", NOON + MINUTE], ["late", NOON + MINUTE]]);
    expect(weather.storm?.incidents).toEqual([...ids(6), "late"]);
  });

  test("one that should be over is not joined any more: who had no part in it is told as any other", () => {
    const { weather } = play(ids(6).map((id) => [id, NOON] as const));
    const late = NOON + 60 * MINUTE;
    const due = [["late", late], ["i0", late], ["late", late + MINUTE]] as const; // prettier-ignore
    const { kinds, weather: after } = play(due, weather);
    expect(kinds).toEqual(["wait", "storm", "tell"]);
    expect(after.storm).toEqual(weather.storm);
  });

  test("it may be over when fewer than five came within the window", () => {
    const { weather } = play(ids(8).map((id, index) => [id, NOON + index * MINUTE]));
    // i3 is the fifth newest: when it leaves the window, four are left.
    expect(calmAt(weather, settings)).toBe(NOON + 3 * MINUTE + 10 * MINUTE);
    expect(calmAt(clear, settings)).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe("what incidents share", () => {
  const of = (...lists: (readonly [count: number, traits: Traits])[]) =>
    sharedBy(lists.flatMap(([count, traits]) => Array<Traits>(count).fill(traits)));

  it.each([
    ["12 of 15", of([12, { "node-pool": ["blue"] }], [3, { "node-pool": ["green"] }]), [["node-pool", "blue", 12, 15]]],
    ["exactly 60 %", of([3, { quota: ["shop/compute"] }], [2, {}]), [["quota", "shop/compute", 3, 5]]],
    ["less than 60 %", of([5, { quota: ["shop/compute"] }], [4, {}]), []],
    ["two may be chance", of([2, { image: ["web:7"] }]), []],
    ["one of several names each", of([3, { image: ["a", "b"] }], [1, { image: ["b"] }]), [["image", "b", 4, 4]]],
    ["a name twice in one counts once", of([2, { image: ["a", "a"] }], [2, {}]), []],
    ["of two that all have, one is told", of([3, { image: ["b", "a"] }]), [["image", "a", 3, 3]]],
    [
      "what says most first",
      of([3, { cluster: ["prod"], change: ["1a2b3c4 Fix"], namespace: ["prod/shop"] }]),
      [["change", "1a2b3c4 Fix", 3, 3], ["namespace", "prod/shop", 3, 3], ["cluster", "prod", 3, 3]], // prettier-ignore
    ],
    ["nothing of nothing", sharedBy([]), []],
  ])("%s", (_name, shared, expected) =>
    expect(shared.map(({ kind, name, count, of: all }) => [kind, name, count, all])).toEqual(expected),
  );

  test("an incident says what it has", () => {
    const diagnosis = aDiagnosis();
    const landing = aLanding({ sha: "f00dfeed".repeat(5), message: "Retry\n\nmore" });
    const [first] = diagnosis.suspects;
    const suspects = first ? [{ ...first, subject: { kind: "landing", landing } as const }] : [];
    const incident = anIncident({
      diagnosis: { ...diagnosis, named: true, suspects },
      suffers: { pools: ["blue"], quotas: ["shop/compute"] },
    });
    expect(traitsOf(incident)).toMatchObject({
      change: ["f00dfee Retry"],
      "node-pool": ["blue"],
      image: ["registry/web:8"],
      quota: ["shop/compute"],
      namespace: ["prod/shop"],
      cluster: ["prod"],
      trouble: ["they run away"],
    });
    const unnamed = { ...incident, diagnosis: { ...diagnosis, named: false } };
    expect(traitsOf(unnamed).change).toEqual([]);
  });
});

describe("what a workload suffers from", () => {
  const node = (name: string, pool?: string) => ({ ...aPool().nodes[0], name, uid: name, createdAt: 0, ready: true, cordoned: false, cores: 4, pool }); // prettier-ignore
  const pool = aPool({ nodes: [node("n1", "blue"), node("n2", "blue"), node("n3", "green"), node("n4")] });
  const troubles = { unready: 3, crashing: 0, imagePull: 0, misconfigured: 0, unscheduled: 0, restarts: 0, memoryKills: 0 };
  const on = (nodes: readonly string[]) =>
    suffersOf(aState({ pods: { ...troubles, nodes } }), pool, [], shopWeb.namespace)?.pools;

  it.each([
    [["n1", "n2", "n3"], ["blue"]],
    [
      ["n1", "n3"],
      ["blue", "green"],
    ],
    [["n3", "n4", "n4"], undefined],
    [["gone"], undefined],
    [[], undefined],
  ])("not well on %s: the pools %s", (nodes, pools) => expect(on(nodes)).toEqual(pools));

  test("a quota, in the API server's words and in ours", () => {
    const cannotCreate = "exceeded quota: compute, requested: cpu=1, used: cpu=40, limited: cpu=40";
    expect(suffersOf(aState({ cannotCreate }), undefined, [], "shop")?.quotas).toEqual(["shop/compute"]);
    const text = "The quota compute is exhausted (used cpu=40, limit cpu=40): web lacks 3 of 9.";
    const illness = { kind: "quota-exhausted" as const, since: 0, toldAt: 0, value: 3, usual: 0, text };
    expect(suffersOf(undefined, undefined, [illness], "shop")?.quotas).toEqual(["shop/compute"]);
  });
});
