import { gzipSync } from "node:zlib";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fitChoices } from "#train/conditional.ts";
import { fitLogistic } from "#train/logistic.ts";
import { fitMaterial, materialOf } from "#train/folds.ts";
import { answerAll } from "#train/predict.ts";
import { readRepositories } from "#train/data.ts";
import { scoreOf } from "#train/score.ts";
import { settings } from "#train/model.ts";

/** Numbers from 0 to below 1, the same each time. */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("fitting", () => {
  it("finds the weights that a logistic model was drawn with", () => {
    const next = draws(7);
    const rows = 6_000;
    const values = Float64Array.from({ length: rows * 2 }, () => next() * 2 - 1);
    const labels = Uint8Array.from({ length: rows }, (_value, row) => {
      const score = 1.5 * (values[row * 2] ?? 0) - 0.8 * (values[row * 2 + 1] ?? 0) - 0.5;
      return next() < 1 / (1 + Math.exp(-score)) ? 1 : 0;
    });
    const [first = 0, second = 0, bias = 0] = fitLogistic({ width: 2, rows, values }, labels, 0.01);
    expect(first).toBeCloseTo(1.5, 0);
    expect(second).toBeCloseTo(-0.8, 0);
    expect(bias).toBeCloseTo(-0.5, 0);
  });

  it("finds the weights that choices among candidates and none were drawn with", () => {
    const next = draws(11);
    const choices = Array.from({ length: 3_000 }, () => {
      const rows = Array.from({ length: 4 }, () => Float64Array.from([next() * 2 - 1]));
      const scores = [...rows.map((row) => 2 * (row[0] ?? 0)), 0.7].map(Math.exp);
      const total = scores.reduce((sum, score) => sum + score, 0);
      let draw = next() * total;
      const chosen = scores.findIndex((score) => (draw -= score) < 0);
      return { rows, none: Float64Array.from([1]), answer: chosen === 4 ? -1 : chosen, importance: 1 };
    });
    const [weight = 0, none = 0] = fitChoices(choices, 0.01, 0.01);
    expect(weight).toBeGreaterThan(1.8);
    expect(weight).toBeLessThan(2.2);
    expect(none).toBeGreaterThan(0.55);
    expect(none).toBeLessThan(0.85);
  });
});

/** A repository in which what says "enable" is reverted, and the service is that of the culprit. */
function written(name: string): { changes: string; incidents: string } {
  const next = draws(name.length);
  const changes: unknown[] = [];
  const incidents: unknown[] = [];
  const start = Date.UTC(2025, 0, 1);
  const iso = (at: number) => new Date(at).toISOString();
  for (let index = 0; index < 900; index += 1) {
    const at = start + index * 3 * 3_600_000;
    const id = `${name.length}${index}`.padStart(12, "a");
    const risky = next() < 0.06 && index > 200;
    const service = `services/s${Math.floor(next() * 8)}`;
    changes.push({
      kind: "push",
      id,
      at: iso(at),
      repository: name,
      author: `p${index % 9}`,
      isRevert: false,
      message: risky ? "enable it" : "tidy it",
      files: [{ path: `${service}/a.ts`, additions: 3, deletions: 1 }],
      filesTotal: 1,
    });
    const incident = {
      id: `${name}/${id}`,
      repository: name,
      serviceDirectory: service,
      serviceDirectory70: service,
      symptom: null,
      planned: false,
      candidates: 20,
      revert: null,
    };
    const calm = !risky && next() < 0.04 && index > 200;
    if (risky || calm)
      incidents.push({
        ...incident,
        startedAt: iso(at + (2 + 20 * next()) * 3_600_000),
        lagMinutes: risky ? 300 : null,
        culprit: risky ? id : null,
      });
  }
  const lines = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  return { changes: lines(changes), incidents: lines(incidents) };
}

describe("training", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "k8s-why-train-"));
    for (const name of ["one", "another"]) {
      const { changes, incidents } = written(name);
      await writeFile(join(folder, `${name}.changes.ndjson.gz`), gzipSync(changes));
      await writeFile(join(folder, `${name}.incidents.ndjson`), incidents);
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("gives the same weights for the same data, and they know what was dangerous", () => {
    const fit = () => fitMaterial(materialOf(readRepositories(folder), ["hint"]), settings);
    const [first, second] = [fit(), fit()];
    expect(second).toEqual(first);
    expect(first.features.hint.saysSwitch?.weight).toBeGreaterThan(0.3);
    expect(first.features.hint.service?.weight).toBeGreaterThan(0);
  });

  it("answers a repository that it has not seen better than chance, and is scored so", () => {
    const [left, other] = readRepositories(folder);
    if (!left || !other) throw new Error("Two repositories were written");
    const weights = fitMaterial(materialOf([other], ["hint"]), settings);
    const score = scoreOf(answerAll(left, weights, { knowledge: "hint", symptom: false }));
    expect(score.failures).toBeGreaterThan(10);
    expect(score.hit1).toBeGreaterThan(0.6);
    expect(score.logLoss).toBeLessThan(score.baseLogLoss);
  });
});
