import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NOON, HOUR } from "#test/builders.ts";
import { roundShares } from "#cli/shares.ts";
import { aFolder, type Ran, why } from "./why.ts";

interface Prediction {
  readonly id: string;
  readonly suspects: readonly {
    id: string;
    probability: number;
    evidence: readonly { kind: string; for: boolean; text: string }[];
  }[];
  readonly none: number;
}

function iso(hoursFromNoon: number): string {
  return new Date(NOON + hoursFromNoon * HOUR).toISOString();
}

function aPush(id: string, hours: number, over: object = {}) {
  return {
    kind: "push",
    id,
    at: iso(hours),
    repository: "shop",
    author: "5fdd2b",
    isRevert: false,
    message: `Change ${id}`,
    files: [{ path: "services/cart/cart.ts", additions: 3, deletions: 1 }],
    filesTotal: 1,
    ...over,
  };
}

function anIncident(id: string, hours: number, over: object = {}) {
  return { id, startedAt: iso(hours), repository: "shop", serviceDirectory: "services/cart", culprit: null, ...over };
}

const oneOfEach = [
  aPush("aaaaaaaaaaaa", -10, { files: [{ path: "a.ts", additions: null, patch: "@@ -1 +1 @@\n-a\n+b" }] }),
  {
    kind: "rollout",
    id: "r1",
    at: iso(-9),
    workload: "shop/cart",
    images: ["registry/cart:1"],
    commitRange: "1111111...2222222",
  },
  { kind: "config", id: "c1", at: iso(-8), object: "ConfigMap", namespace: "shop", name: "cart", keys: ["b", "a"] },
  { kind: "flag", id: "f1", at: iso(-7), title: "new-prices is on for everyone", workloads: ["prod/shop/cart"] },
  { kind: "scaling", id: "s1", at: iso(-6), workload: "shop/cart", from: 3, to: 9 },
];

async function rank(
  changes: string,
  incidents: string,
  ...more: string[]
): Promise<Ran & { readonly predictions: Prediction[] }> {
  const ran = await why(["rank", "--changes", changes, "--incidents", incidents, ...more]);
  const lines = ran.out.split("\n").filter((line) => line !== "");
  return { ...ran, predictions: lines.map((line) => JSON.parse(line) as Prediction) };
}

describe("rank --changes --incidents", () => {
  test("ranks what came before each incident, of every kind, and leaves out what is named", async () => {
    using folder = aFolder();
    const changes = folder.rows("changes.ndjson.gz", [
      ...oneOfEach,
      aPush("bbbbbbbbbbbb", -1),
      aPush("cccccccccccc", 0),
      aPush("dddddddddddd", 0.5),
    ]);
    const incidents = folder.rows("incidents.ndjson", [
      anIncident("shop/1", 0, { revert: "cccccccccccc" }),
      anIncident("shop/2", 1, {
        workload: "shop/cart",
        services: ["cart"],
        signals: { latency: { before: [0.1], after: [0.9] } },
      }),
    ]);
    const ran = await rank(changes, incidents, "--service", "serviceDirectory");
    expect(ran.said).toContain("Ranked 2 incidents");
    expect(ran.code).toBe(0);
    const [first, second] = ran.predictions;
    expect(first?.id).toBe("shop/1");
    expect(first?.suspects.map(({ id }) => id).sort()).toEqual(["aaaaaaaaaaaa", "bbbbbbbbbbbb", "c1", "f1", "r1", "s1"]);
    expect(second?.suspects.map(({ id }) => id).sort()).toEqual(
      ["aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc", "dddddddddddd", "c1", "f1", "r1", "s1"].sort(),
    );
    for (const suspect of second?.suspects ?? [])
      for (const piece of suspect.evidence)
        expect(piece).toEqual({
          kind: expect.any(String) as string,
          for: expect.any(Boolean) as boolean,
          text: expect.any(String) as string,
        });
  });

  test("bad rows are counted and named by line, the rest is ranked, and the exit code is 2", async () => {
    using folder = aFolder();
    const lines = [
      JSON.stringify(aPush("aaaaaaaaaaaa", -3)),
      "{",
      "",
      JSON.stringify({ kind: "push", id: "x" }),
      JSON.stringify({ ...aPush("y", -2), kind: "pull" }),
      JSON.stringify(aPush("z", -2, { at: "yesterday" })),
      JSON.stringify(aPush("aaaaaaaaaaaa", -1)),
      JSON.stringify(aPush("bbbbbbbbbbbb", -1, { colour: "red" })),
      JSON.stringify(aPush("after", 5)),
      "also after the last incident",
    ];
    const changes = folder.write("changes.ndjson", lines.join("\n"));
    const incidents = folder.rows("incidents.ndjson", [anIncident("1", 0)]);
    const ran = await rank(changes, incidents);
    expect(ran.code).toBe(2);
    expect(ran.predictions[0]?.suspects.map(({ id }) => id).sort()).toEqual(["aaaaaaaaaaaa", "bbbbbbbbbbbb"]);
    expect(ran.said).toContain("6 rows");
    for (const sentence of [
      "line 2: it is no JSON object",
      'line 4: "at" is missing',
      'line 5: "kind": expected one of push, rollout, config, flag, scaling',
      'line 6: "at": expected a moment with its time zone',
      'line 7: its id "aaaaaaaaaaaa" is that of line 1',
      "line 10: it is no JSON object",
      '"colour" (first on line 8)',
    ])
      expect(ran.said).toContain(sentence);
    const skipped = await rank(changes, incidents, "--skip-bad");
    expect(skipped.code).toBe(0);
    expect(skipped.out).toBe(ran.out);
  });

  test("rows out of order are sorted, with a sentence; from standard input changes cannot be", async () => {
    using folder = aFolder();
    const rows = [aPush("b", -2), aPush("a", -3), aPush("d", 1), aPush("c", 0)];
    const incidents = [anIncident("2", 2), anIncident("1", 0.5)];
    const ran = await rank(folder.rows("changes.ndjson", rows), folder.rows("incidents.ndjson", incidents));
    expect(ran.code).toBe(0);
    expect(ran.said).toContain('changes.ndjson" are not ordered by "at" (first on line 2)');
    expect(ran.said).toContain('incidents.ndjson" are not ordered by "startedAt" (first on line 2)');
    expect(
      ran.predictions.map(({ id, suspects }) => [
        id,
        suspects
          .map((suspect) => suspect.id)
          .sort()
          .join(""),
      ]),
    ).toEqual([
      ["1", "abc"],
      ["2", "abcd"],
    ]);
    const ordered = await rank(
      folder.rows("sorted.ndjson", [rows[1]!, rows[0]!, rows[3]!, rows[2]!]),
      folder.rows("sorted-incidents.ndjson", incidents.toReversed()),
    );
    expect(ordered.out).toBe(ran.out);
    const input = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
    const piped = await why(["rank", "--changes", "-", "--incidents", join(folder.path, "incidents.ndjson")], {}, input);
    expect(piped.code).toBe(2);
    expect(piped.said).toContain(
      'line 2: its "at" is earlier than that of line 1: what comes from standard input must be sorted',
    );
  });

  test("empty, missing and damaged files get a sentence", async () => {
    using folder = aFolder();
    const empty = folder.write("empty.ndjson", "\n");
    const incidents = folder.rows("incidents.ndjson", [anIncident("1", 0)]);
    const nothing = await rank(empty, incidents);
    expect(nothing).toMatchObject({ code: 0, predictions: [{ id: "1", suspects: [], none: 1 }] });
    expect(nothing.said).toContain("is empty: it holds no change.");
    const noIncidents = await rank(incidents.replace("incidents", "none"), empty);
    expect(noIncidents.code).toBe(2);
    expect(noIncidents.said).toContain("there is no such file");
    const damaged = await rank(folder.write("damaged", "\u001F\u008B"), incidents);
    expect(damaged.code).toBe(2);
  });

  test("mentions a field that no incident has", async () => {
    using folder = aFolder();
    const incidents = folder.rows("incidents.ndjson", [anIncident("1", 0)]);
    const ran = await rank(
      folder.rows("changes.ndjson", [aPush("a", -1)]),
      incidents,
      "--service",
      "servcie",
      "--symptom",
      "culprit",
    );
    expect(ran.code).toBe(0);
    expect(ran.said).toContain('No incident has text in the field "servcie" (--service).');
    expect(ran.said).toContain('"culprit" (--symptom)');
  });

  test("says which combination of options it wants", async () => {
    const ran = await why(["rank", "--changes", "a"]);
    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.said).toContain("expected either --git, or both --changes and --incidents");
    const foreign = await why(["rank", "--changes", "a", "--incidents", "b", "--json"]);
    expect(foreign).toMatchObject({ code: 2, out: "" });
    expect(foreign.said).toContain("--json goes with --git only");
    const other = await why(["rank", "--git", ".", "--skip-bad"]);
    expect(other).toMatchObject({ code: 2, out: "" });
    expect(other.said).toContain("--skip-bad goes with --changes and --incidents only");
  });

  test("reads standard input", async () => {
    using folder = aFolder();
    const incidents = folder.rows("incidents.ndjson", [anIncident("1", 0)]);
    const ran = await why(["rank", "--changes", "-", "--incidents", incidents], {}, `${JSON.stringify(aPush("abc", -1))}\n`);
    expect(JSON.parse(ran.out)).toMatchObject({ id: "1", suspects: [{ id: "abc" }] });
  });
});

describe("shares", () => {
  test("add up to 1 after rounding, whatever they are", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 300 }), (shares) => {
        const rounded = roundShares(shares);
        expect(rounded).toHaveLength(shares.length);
        expect(rounded.reduce((sum, share) => sum + Math.round(share * 1e6), 0)).toBe(1_000_000);
        expect(Math.abs(rounded.reduce((sum, share) => sum + share, 0) - 1)).toBeLessThan(1e-9);
      }),
    );
  });
});
