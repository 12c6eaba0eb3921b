import { describe, expect, test } from "vitest";
import { HOUR, NOON, aRollout, aState, anIncident, shopWeb, shopWebKey } from "#test/builders.ts";
import type { Incident } from "#domain/incident.ts";
import { createExplain } from "#workflow/explain.ts";

function explain(asked: string, { incident = undefined as Incident | undefined } = {}) {
  const verbs = {
    workloads: async () => [
      aState(),
      aState({ workload: { ...shopWeb, namespace: "admin" } }),
      aState({ workload: { ...shopWeb, name: "webhooks" } }),
    ],
    findOpenIncident: async () => incident,
    changesBetween: async () => [aRollout({ at: NOON - 2 * HOUR }), aRollout({ workload: "prod/shop/other" })],
    usualOf: async () => 30,
    expectations: async () => [],
  };
  return createExplain({ verbs, cluster: "prod", now: () => NOON })(asked);
}

describe("why is it at this size?", () => {
  test.each(["shop/web", shopWebKey])("%s is answered with its usual and its own recent changes", async (asked) => {
    const answer = await explain(asked);
    expect(answer).toMatchObject({ kind: "calm", workload: shopWebKey, usual: 30 });
    expect(answer.kind === "calm" && answer.recent).toEqual([expect.stringMatching(/^2 hours ago: rollout of revision/)]);
  });

  test("its open incident is the answer when there is one", async () => {
    expect(await explain("shop/web", { incident: anIncident() })).toMatchObject({ kind: "incident" });
  });

  test("a name that several have is not guessed", async () => {
    expect(await explain("web")).toEqual({ kind: "unknown", similar: ["admin/web", "shop/web"] });
  });

  test("a name that nothing resembles gets no suggestions", async () => {
    expect(await explain("zebra")).toEqual({ kind: "unknown", similar: [] });
    expect(await explain("shop/webhook")).toMatchObject({ kind: "unknown", similar: expect.arrayContaining(["shop/webhooks"]) });
  });
});
