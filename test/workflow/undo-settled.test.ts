import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MINUTE, aPool, aState, aStep, aUsual, anIncident } from "#test/builders.ts";
import { type Store, connectStore } from "#store/store.ts";
import { type Field, aDeployment, anApproval, anAutoscaler, anOrder, openField } from "#test/actions/harness.ts";
import { createPreview, createRecordAct, createRemediate } from "#workflow/steps.ts";
import type { Enqueue, JobData } from "#workflow/jobs.ts";
import { anyNonce, anyPerson, noIdentities, signing, verify } from "./signing.ts";
import { aPolicy, peopleOf } from "./people.ts";
import { advance } from "#workflow/advance.ts";
import { createTick } from "#workflow/tick.ts";
import { createPress } from "#workflow/press.ts";
import { digestOf } from "#lib/digest.ts";
import { noSignals } from "#domain/sample.ts";
import { renderHeadline } from "#bot/cards/headline.ts";
import { silentLog } from "#lib/log.ts";
import { startRedis } from "#test/redis.ts";

const incidentId = "inc-1";
const hpas = "autoscaling/v2/horizontalpodautoscalers";

let stack = new AsyncDisposableStack();
let field: Field;
let store: Store;
let jobs: { name: string; data: unknown; options?: { delayMs?: number } }[] = [];
beforeEach(async () => {
  jobs = [];
  const redis = stack.use(await startRedis());
  store = stack.use(connectStore({ url: redis.url, now: Date.now, log: silentLog }));
  field = stack.use(await openField());
  await field.create("apps/v1/deployments", aDeployment());
  await field.create(hpas, anAutoscaler());
});
afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

const enqueue: Enqueue = async (name, data, options) => void jobs.push({ name, data, options });
const jobOf = <N extends "preview" | "act" | "acted">(wanted: N) =>
  jobs.findLast(({ name }) => name === wanted)?.data as JobData<N>;
const maxReplicas = async () => (await field.read(hpas, "web")).spec.maxReplicas;
const card = async () => JSON.stringify(renderHeadline((await store.findIncident(incidentId))!, Date.now()).blocks);

/** Capped by the hands, and settled by the last look that there is. */
async function settle(): Promise<void> {
  const order = anOrder(field, { kind: "cap", incidentId });
  const approval = await anApproval(field, order);
  await field.steps.act(approval, order);
  const at = Date.now();
  const cap = aStep({ state: "done", at: at - 40 * MINUTE, did: approval.intent, outcome: "The ceiling is 4." });
  const incident = anIncident({
    id: incidentId,
    workload: order.workload,
    key: `prod/${field.namespace}/web`,
    status: "recovered",
    openedAt: at - 60 * MINUTE,
    recoveredAt: at - 20 * MINUTE,
    holdingSince: at - 10 * MINUTE,
    lastRiseAt: at - 50 * MINUTE,
    usual: aUsual({ replicas: 4, peakReplicas: 4, nodes: undefined, requestsPerSecond: undefined }),
    plan: [cap],
  });
  const autoscaler = { name: "web", uid: "u", min: 2, max: 4, atCeiling: false };
  const state = aState({ at, desired: 4, ready: 4, updated: 4, total: 4, autoscaler });
  const settled = advance(incident, { at, state, pool: aPool(), signals: noSignals, capMargin: 1.25 });
  await store.openIncident(settled!);
}

/** Pressed, previewed, submitted, carried out and written down, as the workflow does it. No tick comes any more. */
async function press(stepId: string, answers = true): Promise<string> {
  const policy = aPolicy(["U1"]);
  const verbs = { ...store, enqueue, usualOf: async () => 4 };
  const port = createPress({
    verbs,
    cluster: "prod",
    policy,
    people: peopleOf({}),
    settings: { capMargin: 1.25 },
    ...signing,
    now: Date.now,
    log: silentLog,
  });
  const agent = { ...store, ...field.steps, ...anyNonce, verify, whyPersonMayNot: anyPerson, enqueue };
  const viewer = await port.mayPress({ incidentId, stepId, user: "U1" });
  await port.requestPreview({ incidentId, stepId, viewId: "V1", viewer });
  const preview = jobOf("preview");
  const shown = preview && (await field.steps.preview(preview.order));
  if (shown?.kind !== "preview") return shown?.text ?? "It could not be asked for.";
  await createPreview(agent, noIdentities)(preview);
  const decision = await port.decide({ incidentId, stepId, user: "U1", intentHash: digestOf(shown.preview.intent) });
  if (decision.kind !== "accepted") return decision.text;
  if (!answers) return decision.kind;
  await createRemediate({ verbs: agent, cluster: "prod", identities: noIdentities, policy, now: Date.now })(jobOf("act"));
  await createRecordAct({ ...store, enqueue }, Date.now)(jobOf("acted"));
  return decision.kind;
}

const never = () => Promise.reject(new Error("Of a settled incident nothing is read"));
const reads = { findWorkload: never, findPool: never, findSeenUntil: never, findIllnesses: never, recentSignals: never };
const tickAt = (at: number) =>
  createTick({
    verbs: { ...store, ...reads, findRights: never, investigate: never, enqueue },
    now: () => at,
    everyMs: 15_000,
    capMargin: 1.25,
    blindAfterMs: MINUTE,
  });

describe("once an incident is settled", () => {
  it("the ceiling can be given back, and the card says so", async () => {
    await settle();
    const before = await card();

    expect((await store.findIncident(incidentId))?.status).toBe("settled");
    expect([await maxReplicas(), before.includes("Give the ceiling back")]).toEqual([4, true]);
    expect(await press("restore")).toBe("accepted");

    expect(await maxReplicas()).toBe(400);
    expect(await card()).toMatch(/:white_check_mark: \*2. Give the ceiling back\* The ceiling of .* is 400 again/);
    expect(await card()).not.toContain("step-aside");
    expect(jobs.map(({ name }) => name)).toContain("announce");
  });

  it("an undo whose answer never comes ends after two hours, and may be pressed again", async () => {
    await settle();
    expect(await press("restore", false)).toBe("accepted");
    const due = jobs.find(({ name }) => name === "tick");
    expect(due).toMatchObject({ data: { incidentId } });
    const { delayMs = 0 } = due?.options ?? {};
    const look = (at: number) => tickAt(at)(incidentId);
    const restore = async () => (await store.findIncident(incidentId))?.plan.find(({ id }) => id === "restore");

    await look(Date.now() + MINUTE);
    expect(await restore()).toMatchObject({ state: "running" });
    await look(Date.now() + delayMs);

    expect(await restore()).toMatchObject({ state: "failed", outcome: "No answer came within two hours." });
    expect(await card()).toContain("No answer came within two hours.");
    expect((await store.auditNewest(1))[0]).toMatchObject({ what: "failed", stepId: "restore", by: "k8s-why" });
    expect(jobs.filter(({ name }) => name === "tick")).toHaveLength(1);
    expect(await press("restore")).toBe("accepted");
    expect(await maxReplicas()).toBe(400);
  });

  it("nothing else can be pressed", async () => {
    await settle();

    expect(await press("restart")).toBe("It could not be asked for.");
    expect(jobs).toMatchObject([{ name: "show-preview", data: { result: { kind: "refused" } } }]);
  });
});
