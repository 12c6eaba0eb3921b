import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { CHANNEL, type Looking, NINA, OTTO, soon, startLooking, states } from "./looking.ts";
import { DAY, HOUR, MINUTE, NOON, aConfigEdit, aDiagnosis, aLanding, aNode, aPool, aRollout, aSha, aStep, anAlert, anAutoscalerEdit, anIncident, shopWeb, shopWebKey } from "#test/builders.ts"; // prettier-ignore

let looking: Looking;
const ask = async (text: string, user?: string) => (await looking.ask(text, user)).text;

const built = aLanding({ sha: aSha("built"), at: NOON - 3 * HOUR, message: "feat: prices per region" });
const foreign = aLanding({ sha: aSha("other"), at: NOON - 90 * MINUTE, message: "docs: a typo", files: [{ path: "docs/x.md" }] });
const incident = anIncident({
  id: "inc-open",
  openedAt: NOON - 10 * MINUTE,
  diagnosis: aDiagnosis(),
  plan: [
    aStep({ summary: "Freeze the ceiling at 96." }),
    aStep({ kind: "rollback", state: "waiting", waitingFor: "the cap" }),
    aStep({ id: "restart", kind: "restart", aside: "other" }),
  ],
  timeline: [
    { id: "replicas/1", at: NOON - 10 * MINUTE, kind: "replicas", text: "75 replicas, 2.5 times its usual 30." },
    { id: "act/cap/done/1", at: NOON - 5 * MINUTE, kind: "act", text: "told by the record" },
  ],
});

beforeAll(async () => {
  looking = await startLooking();
  const { store } = looking;
  await store.saveWorkloads("prod", states);
  await store.addChanges([
    built,
    foreign,
    aRollout({ at: NOON - 30 * MINUTE, commit: { sha: built.sha.slice(0, 7), from: "annotation" } }),
    anAutoscalerEdit({ at: NOON - 20 * MINUTE }),
    aConfigEdit({ at: NOON - 2 * DAY, usedBy: [shopWebKey] }),
  ]);
  await store.addAlert(anAlert({ at: NOON - 8 * MINUTE }));
  await store.addAlert(anAlert({ id: "opsgenie/2", at: NOON - 8 * MINUTE, workload: "basket", message: "not ours" }));
  await store.audit({ at: NOON - 4 * MINUTE, what: "done", by: NINA.id, incidentId: "inc-open", stepId: "cap", on: shopWebKey, text: "The ceiling is 96." }); // prettier-ignore
  await store.audit({ at: NOON - 4 * MINUTE - 1, what: "approved", by: NINA.id, incidentId: "inc-open", stepId: "cap", on: shopWebKey, text: `${"a".repeat(64)}, the second of two` }); // prettier-ignore
  await store.audit({ at: NOON - 4 * MINUTE, what: "refused", by: OTTO.id, incidentId: "inc-open", stepId: "cap", on: shopWebKey, text: "No rule." }); // prettier-ignore
  await store.audit({ at: NOON - 3 * MINUTE, what: "done", by: NINA.id, incidentId: "x", stepId: "cap", on: `${shopWebKey}-admin`, text: "Another's." }); // prettier-ignore
  const settled = anIncident({ id: "inc-over", openedAt: NOON - 2 * DAY, key: "prod/shop/basket", workload: { ...shopWeb, name: "basket" } }); // prettier-ignore
  await store.openIncident(settled);
  await store.updateIncident("inc-over", (one) => ({ ...one, status: "settled", settledAt: NOON - 2 * DAY + HOUR }));
  await store.openIncident(incident);
  const young = { createdAt: NOON - 5 * MINUTE };
  await store.savePool(aPool({ nodes: [aNode(), aNode({ name: "new-1", ...young }), aNode({ name: "new-2", ...young, cordoned: true })], pendingPods: 7 })); // prettier-ignore
  const hour = { index: 0, ms: 0, nodes: 0, pending: 0 };
  await store.savePoolNormal("prod", { lastAt: NOON, lastNodes: 1, lastPending: 0, hour, nodes: [1, 1, 2], pending: [0] });
});
afterAll(() => looking[Symbol.asyncDispose]());

describe("timeline", () => {
  test("what happened to it, oldest first: what its image is built from, rollouts, edits, alerts, its incident, acts", async () => {
    const lines = (await ask("timeline web")).split("\n").filter((line) => line.startsWith("<!date"));
    expect(lines.map((line) => line.replace(/^<!date[^>]*>\s+/, ""))).toEqual([
      `:twisted_rightwards_arrows: ${built.sha.slice(0, 7)} "feat: prices per region" by Ada Lovelace lands. · <${built.url}|show>`,
      `:package: Revision 7 of ${built.sha.slice(0, 7)} rolls out.`,
      ":level_slider: The autoscaler's bounds 3 to 100 become 3 to 4,000.",
      ":chart_with_upwards_trend: 75 replicas, 2.5 times its usual 30.",
      ":rotating_light: Opsgenie: CPU of shop/web is high",
      `:hand: Cap approved: the second of two · <@${NINA.id}>`,
      `:hand: Cap done: The ceiling is 96. · <@${NINA.id}>`,
    ]);
  });

  test("since when somebody says", async () => {
    expect(await ask("timeline web 25m")).not.toContain("Revision 7");
    expect(await ask("timeline web 3d")).toContain("ConfigMap shop/settings was edited");
    expect(await ask("timeline web soon")).toContain("I cannot read since when");
    expect(await ask("timeline basket 1m")).toContain("Nothing that I know of.");
  });

  test("without a name it asks for one", async () => expect(await ask("timeline")).toContain("Which workload?"));
});

describe("changes", () => {
  test("of two hours, by kind and repository, with links", async () => {
    const answer = await ask("changes");
    expect(answer).toContain("*3 changes since");
    expect(answer).toMatch(/\*Rollouts\* \(1\)\n• .* shop\/web: revision 7/);
    expect(answer).toContain(`*Landed in acme/shop* (1)`);
    expect(answer).toContain(`<${foreign.url}|${foreign.sha.slice(0, 7)}> docs: a typo · Ada Lovelace`);
    expect(answer).toMatch(/\*Edits of autoscalers\* \(1\)\n• .* shop\/web: The autoscaler's bounds/);
  });
  test("of longer", async () => expect(await ask("changes 3d")).toContain("*5 changes since"));
});

describe("plan", () => {
  test.each(["plan", "plan web", "plan shop/web", "plan inc-open"])(
    "%s: each step, its gate, whether one may, and the button",
    async (text) => {
      const shown = await looking.ask(text);
      expect(shown.text).toContain("*The plan for shop/web*");
      expect(shown.text).toContain("*1. Cap* Freeze the ceiling at 96.");
      expect(shown.text).toContain("*2. Roll back* Freeze the autoscaler's ceiling. _Waits for_ the cap.");
      expect(shown.text).toContain(':unlock: *Cap*: The rule "all" allows it, which names you; one person is enough.');
      expect(actionsOf(shown)).toEqual(["step:cap", "step-aside", "share"]);
    },
  );

  test("who may not press gets the reason and no button, and that is on no record", async () => {
    const before = await looking.store.auditIssued();
    const shown = await looking.ask("plan", OTTO.id);
    expect(shown.text).toContain(":lock: *Cap*: No rule allows you to cap shop/web in prod.");
    expect(actionsOf(shown)).toEqual(["share"]);
    expect(await looking.store.auditIssued()).toBe(before);
  });

  test("the button opens the preview", async () => {
    const { message } = await looking.ask("plan");
    const { slack } = looking.stage;
    await slack.pressButton({ user: NINA.id, message: { channel: CHANNEL, ts: message.ts }, actionId: "step:cap" });
    await vi.waitFor(() => expect(slack.views.at(-1)?.view.title).toMatchObject({ text: "Cap" }), soon);
  });

  test("of what is calm", async () => expect(await ask("plan basket")).toContain("`prod/shop/basket` has no open incident."));
});

test("nodes: now, usual, joined since it began, cordoned", async () => {
  const answer = await ask("nodes");
  expect(answer).toContain("`prod` has 3 nodes, usually 1 (3 times usual).");
  expect(answer).toMatch(/\*Joined since <!date[^>]*>\*\n2/);
  expect(answer).toContain("*Cordoned*\n1");
  expect(answer).toContain("*Pods that wait for a node*\n7");
});

test("nodes: before their week is known, usual is what the open incident says; read at what the agent has seen", async () => {
  await using other = await startLooking();
  await other.store.savePool(aPool({ at: NOON - HOUR, nodes: [aNode(), aNode({ name: "new" })] }));
  expect((await other.ask("nodes")).text).toContain("`prod` has 2 nodes. How many are usual is not known yet.");
  await other.store.saveSeenUntil("prod", NOON - MINUTE);
  await other.store.openIncident(anIncident({ usual: { ...incident.usual, nodes: 1 } }));
  const { text } = await other.ask("nodes");
  expect(text).toContain("`prod` has 2 nodes, usually 1 (2 times usual).");
  expect(text).toContain(`Read at <!date^${(NOON - MINUTE) / 1_000}^`);
});

describe("incidents", () => {
  test.each([
    ["incidents", "*1 open incident*", "basket"],
    ["", "*1 open incident*", "basket"],
    ["incidents settled", "*1 settled incident*", "shop/web"],
  ])("%j", async (text, title, without) => {
    const answer = await ask(text);
    expect(answer).toContain(title);
    expect(answer).not.toContain(without);
  });
  test("all", async () => expect(await ask("incidents all")).toMatch(/\*2 incidents\*[^]*shop\/web[^]*shop\/basket/));
});

describe("whoami", () => {
  test("what the rules give, and what may be pressed now", async () => {
    const answer = await ask("whoami");
    expect(answer).toContain(`*What <@${NINA.id}> may do*`);
    expect(answer).toContain("*Now, for shop/web*\n:unlock: *Cap*:");
    expect(await ask("whoami", OTTO.id)).toMatch(/No rule allows you anything\.[^]*:lock: \*Cap\*:/);
  });
});

test("while all acts are stopped, nobody is told that they may press something", async () => {
  await looking.store.saveStop({ by: OTTO.id, at: NOON - 5 * MINUTE, reason: "we move the database <!channel>." });
  const said = new RegExp(
    `:octagonal_sign: \\*All acts are stopped\\* since .*, says <@${OTTO.id}>: we move the database &lt;!channel&gt;\\. Nobody can`,
  );
  for (const text of ["whoami", "plan"]) {
    const shown = await looking.ask(text);
    expect(shown.text).toMatch(said);
    expect(shown.text).toContain(":lock: *Cap*: All acts are stopped, for everybody.");
    expect(shown.text).not.toContain(":unlock:");
    expect(actionsOf(shown)).not.toContain("step:cap");
  }
  await looking.store.forgetStop();
  expect(await ask("whoami")).not.toContain("stopped");
});

test("audit of one workload is not that of one whose name begins alike", async () => {
  const answer = await ask("audit shop/web");
  expect(answer).toContain(": aaaaaaaa…, the second of two");
  expect(answer).toContain("The ceiling is 96.");
  expect(answer).not.toContain("Another's.");
  expect(await ask("audit web-admin")).toContain("Another's.");
});

describe("forgiving about names", () => {
  test.each([
    ["web", "*shop/web*", ""],
    ["WEB", "*shop/web*", ""],
    ["why wbe", "*shop/web*", "You wrote `wbe`; this is about `prod/shop/web`."],
    ["timeline bask", "`prod/shop/basket`", "You wrote `bask`"],
    ["`shop/basket`?", "`prod/shop/basket` runs 30 replicas", ""],
  ])("%s", async (text, about, note) => {
    const answer = await ask(text);
    expect(answer).toContain(about);
    expect(note === "" ? !answer.includes("You wrote") : answer.includes(note)).toBe(true);
  });

  test("several fit: a button for each, which asks the same of it in place of the question", async () => {
    const shown = await looking.ask("timeline gateway 3h");
    expect(shown.text).toContain("2 workloads answer to `gateway`. Which do you mean?");
    const chosen = await looking.press(shown, "ask:1");
    expect(chosen.text).toMatch(/\*What happened\* to `prod\/pay\/gateway` since/);
    expect(chosen.message.ts).toBe(shown.message.ts);
  });

  test("none fits: what looks alike; what changes something guesses nothing", async () => {
    expect(await ask("gatehouse")).toMatch(/No workload called `gatehouse` is watched\. Did you mean/);
    expect(await ask("zebra")).toContain("No workload called `zebra` is watched.");
    expect(await ask("expect wbe x3 until 18:00")).toMatch(/No workload called `wbe` is watched\. [^]*`shop\/web`/);
    expect(await looking.store.expectations("prod")).toEqual([]);
  });
});

function actionsOf({ message }: Awaited<ReturnType<Looking["ask"]>>): unknown[] {
  const blocks = message.versions.at(-1)?.blocks ?? [];
  return blocks.flatMap(({ elements }) => (Array.isArray(elements) ? elements : [])).flatMap(({ action_id: id }) => id ?? []);
}
