import { CHANNEL, NINA, OTTO, type Stage, startStage } from "./bot-app.ts";
import { signing } from "#test/workflow/signing.ts";
import { NOON, aDiagnosis, aStep, anIncident } from "#test/builders.ts";
import { afterEach, describe, expect, test, vi } from "vitest";
import { textsOf } from "./safe.ts";
import type { AuditRecord } from "#domain/audit.ts";
import { aPolicy } from "#test/workflow/people.ts";
import { connectStore } from "#store/store.ts";
import { createPress } from "#workflow/press.ts";
import { silentLog } from "#lib/log.ts";
import { startRedis } from "#test/redis.ts";

let stage: Stage;
afterEach(() => stage[Symbol.asyncDispose]());

const aRecord = (over: Partial<AuditRecord> = {}): AuditRecord => ({
  seq: 7,
  previous: "",
  hash: "a".repeat(64),
  at: NOON - 60_000,
  what: "done",
  by: `${NINA.id}, ${OTTO.id}`,
  incidentId: "inc-1",
  stepId: "rollback",
  on: "prod/shop/web",
  text: "Revision 6 runs again.",
  ...over,
});

/** Types the command, and gives the answer that only the asker sees; `nth` of theirs. */
async function ask(text: string, user = NINA.id, nth = 0): Promise<string> {
  const { status } = await stage.slack.slashCommand({ user, command: "/k8s-why", text, channel: CHANNEL });
  expect(status).toBe(200);
  const answer = () => stage.slack.messages(CHANNEL).filter(({ ephemeralFor }) => ephemeralFor === user)[nth]?.versions[0];
  await vi.waitFor(() => expect(answer()).toBeDefined());
  return textsOf(answer()?.blocks).join("\n");
}

describe("/k8s-why audit", () => {
  test("lists what was done, by whom and on what, newest first", async () => {
    stage = await startStage();
    stage.workflow.records = [
      aRecord(),
      aRecord({ seq: 6, what: "stopped", stepId: "-", on: undefined, by: "k8s-why", text: "" }),
    ];
    const answer = await ask("audit");
    expect(stage.workflow.asked).toBe("everything");
    expect(answer).toMatch(
      /^\*What was done of late\*\n7\. <!date\^.*> \*done\* · rollback · shop\/web · <@U0NINA> and <@U0OTTO>: Revision 6 runs again\.\n6\. <!date\^.*> \*stopped\* · k8s-why\nShare to channel$/,
    );
  });

  test("of one workload; where nothing of it is found it does not say that nothing was done", async () => {
    stage = await startStage();
    stage.workflow.records = [aRecord()];
    expect(await ask("audit   shop/web ")).toContain("*What was done of late: shop/web*\n7.");
    expect(stage.workflow.asked).toBe("shop/web");
    stage.workflow.records = [];
    expect(await ask("audit `<!channel>*x*", NINA.id, 1)).toContain(
      "Nothing about `'&lt;!channel&gt;∗x∗` is among the newest records. `k8s-why audit export` has all.",
    );
    expect(await ask("audit", NINA.id, 2)).toContain("Nothing is on record.");
  });

  test("shows, with a real Redis behind it, who was refused and who asked", async () => {
    await using redis = await startRedis();
    await using store = connectStore({ url: redis.url, now: () => NOON, log: silentLog });
    const incident = anIncident({ diagnosis: aDiagnosis(), plan: [aStep()] });
    await store.openIncident(incident);
    stage = await startStage({
      press: (people) =>
        createPress({
          verbs: { ...store, enqueue: async () => {}, usualOf: async () => 30 },
          cluster: "prod",
          policy: aPolicy([NINA.id]),
          people,
          settings: { capMargin: 1.25 },
          ...signing,
          now: () => NOON,
          log: silentLog,
        }),
    });
    const { ts } = await stage.tell(incident);
    await stage.slack.pressButton({ user: OTTO.id, message: { channel: CHANNEL, ts }, actionId: "step:cap" });
    await vi.waitFor(async () => expect(await store.auditIssued()).toBe(1));
    await ask("stop a <!channel> fire", OTTO.id);

    const all = await ask("audit");
    expect(all).toMatch(
      /2\. .* \*refused\* · <@U0OTTO>: stop a &lt;!channel&gt; fire\n1\. .* \*refused\* · cap · shop\/web · <@U0OTTO>: No rule/,
    );
    const one = await ask("audit shop/web", NINA.id, 1);
    expect(one).toContain("1. ");
    expect(one).not.toContain("2. ");
  });
});
