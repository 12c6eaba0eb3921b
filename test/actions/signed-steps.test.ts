import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Field, aDeployment, anApproval, anAutoscaler, anOrder, openField } from "#test/actions/harness.ts";
import { aPolicy } from "#test/workflow/people.ts";
import { anyPerson, noIdentities, signing, verify } from "#test/workflow/signing.ts";
import type { ActResult, Approval } from "#domain/order.ts";
import type { Called } from "#domain/audit.ts";
import { APPROVAL_MS, CLOCK_SKEW_MS, type SignedStep, type StepDocument } from "#domain/signed-step.ts";
import type { Identities } from "#domain/identity.ts";
import { TemporaryError } from "#lib/errors.ts";
import type { NoncePort, WhyPersonMayNot } from "#domain/ports/gate.ts";
import type { Person } from "#domain/policy.ts";
import { MINUTE, NOON } from "#test/builders.ts";
import { createNonces } from "#actions/nonces.ts";
import { createRemediate } from "#workflow/steps.ts";
import { privateKeyFrom, signatureOf } from "#lib/signature.ts";

const hpas = "autoscaling/v2/horizontalpodautoscalers";
const configMaps = "v1/configmaps";
const member = (id: string): Person => ({ id, kind: "member", groups: [] });

let field: Field;
let now: number;
let results: (ActResult & Called)[];
beforeEach(async () => {
  field = await openField();
  await field.create("apps/v1/deployments", aDeployment());
  await field.create(hpas, anAutoscaler());
  await field.create(configMaps, { metadata: { name: "k8s-why-steps" } });
  now = NOON;
  results = [];
});
afterEach(() => field[Symbol.asyncDispose]());

/** A cap as `serve` would sign it. */
async function aSigned(over: Partial<StepDocument> = {}, approvalOver: Partial<Approval> = {}): Promise<SignedStep> {
  const order = anOrder(field, { kind: "cap" });
  const approval = { ...(await anApproval(field, order)), at: NOON, ...approvalOver };
  const document = {
    cluster: "prod",
    order,
    approval,
    approvers: [member(approval.by)],
    expiresAt: NOON + APPROVAL_MS,
    nonce: signing.nonce(),
    ...over,
  };
  return { document, signature: signing.sign(document) };
}

const known = { ...noIdentities, users: [{ slack: "U1", user: "nina", groups: ["sre"] }] };

interface Over {
  readonly identities?: Identities;
  readonly whyPersonMayNot?: WhyPersonMayNot;
  readonly policy?: ReturnType<typeof aPolicy>;
  readonly nonces?: NoncePort;
  readonly stopped?: boolean;
}

/** The agent, as it is put together on the roof. */
async function carryOut(
  signed: SignedStep,
  { policy = aPolicy(["U1", "U2"]), nonces, stopped = false, identities = noIdentities, whyPersonMayNot = anyPerson }: Over = {},
): Promise<string> {
  const remediate = createRemediate({
    verbs: {
      ...field.steps,
      ...(nonces ?? createNonces(field.connection, field.namespace, () => now)),
      verify,
      whyPersonMayNot,
      findStop: async () => (stopped ? { by: "U1", at: NOON } : undefined),
      enqueue: async (_name, data) => void results.push((data as { result: ActResult & Called }).result),
    },
    cluster: "prod",
    identities,
    policy,
    now: () => now,
  });
  await remediate({ signed });
  const result = results.at(-1);
  return `${result?.kind}: ${result?.text}`;
}

/** As an agent whose cluster has what it did, and which died before it could say so. */
async function killMidway(signed: SignedStep): Promise<void> {
  const nonces = createNonces(field.connection, field.namespace, () => now);
  const killed: NoncePort = { ...nonces, endStep: async () => Promise.reject(new Error("killed")) };
  await expect(carryOut(signed, { nonces: killed })).rejects.toThrow("killed");
}

const stateOf = async ({ document: { nonce } }: SignedStep): Promise<unknown> =>
  JSON.parse((await field.read(configMaps, "k8s-why-steps")).data[nonce]).state;

const ceiling = async () => (await field.read(hpas, "web")).spec.maxReplicas;

describe("a signed step", () => {
  it("is carried out, and remembered in the agent's own cluster", async () => {
    const signed = await aSigned();
    expect(await carryOut(signed)).toMatch(/^done: /);
    expect(await ceiling()).toBe(4);
    const { data } = await field.read(configMaps, "k8s-why-steps");
    expect(JSON.parse(data[signed.document.nonce])).toMatchObject({ state: "ended", workload: `prod/${field.namespace}/web` });
  });

  it("is refused when anything in it was changed", async () => {
    const { document, signature } = await aSigned();
    const paths = leavesOf(document);
    expect(paths.length).toBeGreaterThan(20);
    const answers: string[] = [];
    for (const path of paths) {
      const said = await carryOut({ document: changed(document, path) as StepDocument, signature });
      if (!said.startsWith("refused: It is not signed by the key")) answers.push(`${path.join(".")}: ${said}`);
    }
    expect(answers).toEqual([]);
    expect(await ceiling()).toBe(400);
  });

  it("is refused when another key signed it, or none", async () => {
    const { document } = await aSigned();
    const forged = signatureOf(document, privateKeyFrom("somebody else's"));
    expect(await carryOut({ document, signature: forged })).toContain("not signed by the key");
    expect(await carryOut({ document, signature: "" })).toContain("not signed by the key");
    expect(await ceiling()).toBe(400);
  });

  it("is used once", async () => {
    const signed = await aSigned();
    await carryOut(signed);
    await field.merge(hpas, "web", { spec: { maxReplicas: 400 } });
    expect(await carryOut(signed)).toMatch(/^refused: This approval was used already/);
    expect(await ceiling()).toBe(400);
  });

  it("that was begun and not ended goes on, also late, and does nothing twice", async () => {
    const signed = await aSigned();
    await killMidway(signed);
    now = NOON + APPROVAL_MS + CLOCK_SKEW_MS + MINUTE;
    expect(await carryOut(signed)).toMatch(/^already-done: /);
    // Its Event alone. Not by the resourceVersion: the autoscaler writes its status whenever it looks.
    expect(results.at(-1)?.calls?.map(({ method }) => method)).toEqual(["POST"]);
    expect(await ceiling()).toBe(4);
  });

  it.each<[string, Over, RegExp]>([
    [
      "that was begun before all acts were stopped says so, can be taken back, and holds the workload up no longer",
      { stopped: true },
      /^refused: All acts were stopped\. It had begun before that/,
    ],
    [
      "that was begun before the policy was changed, likewise",
      { policy: aPolicy(["U9"]) },
      /^refused: The policy of the agent says no\. .* It had begun before/,
    ],
    [
      "that was begun before a person lost a right, likewise",
      { identities: known, whyPersonMayNot: async () => "Kubernetes does not allow it." },
      /^refused: Kubernetes does not allow it\. It had begun before/,
    ],
    [
      "that was begun before nobody could be asked any more, likewise",
      { identities: known, whyPersonMayNot: () => Promise.reject(new Error("forbidden")) },
      /^refused: Nobody can tell .* It had begun before/,
    ],
  ])("%s", async (_title, over, said) => {
    const signed = await aSigned();
    await killMidway(signed);
    const answer = await carryOut(signed, over);
    expect(answer).toMatch(said);
    expect(answer).not.toContain("Nothing was changed");
    expect(results.at(-1)).toMatchObject({ partly: true });
    expect(await stateOf(signed)).toBe("ended");
    await field.merge(hpas, "web", { spec: { maxReplicas: 400 } });
    expect(await carryOut(await aSigned())).toMatch(/^done/);
  });

  it("that was begun and comes back after its time is ended, and says that it had begun", async () => {
    const soon = await aSigned();
    await killMidway(soon);
    await field.merge(hpas, "web", { spec: { maxReplicas: 400 } });
    now = NOON + APPROVAL_MS + CLOCK_SKEW_MS + 45 * MINUTE;
    expect(await carryOut(soon)).toMatch(/^stale: It had begun and could not be finished in time: look at what is there/);
    expect(results.at(-1)).toMatchObject({ partly: true });
    expect(await stateOf(soon)).toBe("ended");
    expect(await ceiling()).toBe(400);
  });

  it("that was begun is not forgotten by what begins a day later", async () => {
    const signed = await aSigned();
    await killMidway(signed);
    now = NOON + 24 * 60 * MINUTE;
    const nonces = createNonces(field.connection, field.namespace, () => now);
    await nonces.beginStep({ nonce: "later", digest: "d", workload: "w", until: now + MINUTE }, false);
    expect(await carryOut(signed)).toMatch(/^stale: It had begun and could not be finished in time/);
  });

  it("that is not signed, or for another cluster, is not looked up in this one", async () => {
    const unasked = () => Promise.reject(new Error("asked"));
    const nonces: NoncePort = { beginStep: unasked, endStep: unasked };
    const { document } = await aSigned();
    expect(await carryOut({ document, signature: "" }, { nonces })).toContain("not signed by the key");
    expect(await carryOut(await aSigned({ cluster: "other" }), { nonces })).toContain('for the cluster "other"');
  });

  it("is for one cluster, one workload, one step", async () => {
    expect(await carryOut(await aSigned({ cluster: "other" }))).toContain('for the cluster "other"');
    expect(await carryOut(await aSigned({}, { incidentId: "inc-2" }))).toContain("something else than what was ordered");
    const other = { ...anOrder(field, { kind: "cap" }), workload: { ...anOrder(field, { kind: "cap" }).workload, name: "api" } };
    expect(await carryOut(await aSigned({ order: other }))).toContain("something else than what was ordered");
    expect(await carryOut(await aSigned({ approvers: [member("U2")] }))).toContain("does not say who its approvers are");
    expect(await ceiling()).toBe(400);
  });

  it("has fifteen minutes, and clocks may differ by ten", async () => {
    now = NOON + APPROVAL_MS + CLOCK_SKEW_MS + 1;
    expect(await carryOut(await aSigned())).toMatch(/^stale: It could not be carried out within 15 minutes/);
    now = NOON - CLOCK_SKEW_MS - 1;
    expect(await carryOut(await aSigned())).toContain("approved in the future");
    expect(await ceiling()).toBe(400);
    now = NOON - CLOCK_SKEW_MS;
    expect(await carryOut(await aSigned())).toMatch(/^done/);
  });

  it("is not believed to be good for longer", async () => {
    now = NOON + 20 * 60 * MINUTE;
    expect(await carryOut(await aSigned({ expiresAt: NOON + 30 * 24 * 60 * MINUTE }))).toContain("longer than 15 minutes");
    expect(await ceiling()).toBe(400);
  });

  it("needs the agent's own policy to say yes, whatever serve was told", async () => {
    expect(await carryOut(await aSigned(), { policy: aPolicy(["U9"]) })).toContain("The policy of the agent says no");
    const two = aPolicy(["U1", "U2"]);
    const careful = { ...two, rules: two.rules.map((rule) => ({ ...rule, approvals: 2 as const })) };
    expect(await carryOut(await aSigned(), { policy: careful })).toContain("asks for 2 different people");
    const twice = { approvers: [member("U1"), member("U1")] };
    expect(await carryOut(await aSigned(twice, { second: "U1" }), { policy: careful })).toContain("asks for 2 different people");
    expect(await ceiling()).toBe(400);
    const both = { approvers: [member("U1"), member("U2")] };
    expect(await carryOut(await aSigned(both, { second: "U2" }), { policy: careful })).toMatch(/^done/);
  });

  it("touches no protected namespace, and nothing while all acts are stopped", async () => {
    const closed = aPolicy(["U1"], { protectedNamespaces: ["actions-*"], breakGlass: ["U1"] });
    expect(await carryOut(await aSigned(), { policy: closed })).toContain("is protected here");
    expect(await carryOut(await aSigned({}, { breakGlass: "it burns" }), { policy: closed })).toContain("is protected here");
    expect(await carryOut(await aSigned(), { stopped: true })).toContain("All acts were stopped");
    expect(await ceiling()).toBe(400);
  });

  it("against the rules is only for whom the agent's policy names", async () => {
    const glass = aPolicy([], { breakGlass: ["U1"] });
    expect(await carryOut(await aSigned({}, { breakGlass: "it burns" }), { policy: aPolicy(["U1"]) })).toContain(
      "break the glass",
    );
    expect(await ceiling()).toBe(400);
    expect(await carryOut(await aSigned({}, { breakGlass: "it burns" }), { policy: glass })).toMatch(/^done/);
  });

  it("needs Kubernetes to allow it to the person, where it knows them", async () => {
    const asked: unknown[] = [];
    const whyPersonMayNot: WhyPersonMayNot = async (identity, kind) => {
      asked.push([identity, kind]);
      return "Kubernetes does not allow it.";
    };
    expect(await carryOut(await aSigned(), { identities: known, whyPersonMayNot })).toContain("Kubernetes does not allow it.");
    expect(asked).toEqual([[{ user: "nina", groups: ["sre"] }, "cap"]]);
    const away: WhyPersonMayNot = () => Promise.reject(new TemporaryError("The API server is away"));
    await expect(carryOut(await aSigned(), { identities: known, whyPersonMayNot: away })).rejects.toThrow("away");
    const forbidden: WhyPersonMayNot = () => Promise.reject(new Error("subjectaccessreviews is forbidden"));
    expect(await carryOut(await aSigned(), { identities: known, whyPersonMayNot: forbidden })).toContain("forbidden");
    expect(await ceiling()).toBe(400);
  });

  it("is not carried out where nothing can be remembered", async () => {
    const nonces = createNonces(field.connection, "no-such-namespace", () => now);
    expect(await carryOut(await aSigned(), { nonces })).toMatch(/^refused: .*cannot remember in its own cluster/);
    expect(await ceiling()).toBe(400);
  });

  it("waits for nobody: of two for one workload at once, one is refused", async () => {
    const nonces = createNonces(field.connection, field.namespace, () => now);
    const signed = await Promise.all([aSigned(), aSigned()]);
    const begun = await Promise.all(
      signed.map(({ document: { nonce } }) =>
        nonces.beginStep({ nonce, digest: "d", workload: "prod/shop/web", until: NOON + MINUTE }, false),
      ),
    );
    expect(begun.toSorted()).toEqual(["begun", "busy"]);
    const again = nonces.beginStep({ nonce: "n3", digest: "d", workload: "prod/shop/api", until: NOON + MINUTE }, false);
    expect(await again).toBe("begun");
  });

  it("is forgotten once nobody could use it any more", async () => {
    await carryOut(await aSigned());
    now = NOON + 24 * 60 * MINUTE;
    const nonces = createNonces(field.connection, field.namespace, () => now);
    await nonces.beginStep({ nonce: "later", digest: "d", workload: "w", until: now + MINUTE }, false);
    expect(Object.keys((await field.read(configMaps, "k8s-why-steps")).data)).toEqual(["later"]);
  });
});

type Path = readonly (string | number)[];

/** Every value that is no object. */
function leavesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

function changed(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) return typeof value === "number" ? value + 1 : typeof value === "boolean" ? !value : `${String(value)}x`;
  if (Array.isArray(value)) return value.map((inner: unknown, index) => (String(index) === key ? changed(inner, rest) : inner));
  const record = value as Record<string, unknown>;
  return { ...record, [key]: changed(record[key], rest) };
}
