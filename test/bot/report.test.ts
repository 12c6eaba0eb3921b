import { ADA, CHANNEL, NINA, OTTO, type Stage, startStage } from "./bot-app.ts";
import { MINUTE, NOON, aDiagnosis, aStep, anIncident } from "#test/builders.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Incident } from "#domain/incident.ts";
import { randomUUID } from "node:crypto";
import { textsOf } from "./safe.ts";

const GUEST = { id: "U0GUEST", name: "guest", realName: "Gus Guest", is: "guest" as const };
let stage: Stage;
let incident: Incident;
let serial = 0;

beforeAll(async () => void (stage = await startStage({}, { users: [NINA, OTTO, ADA, GUEST] })));
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(async () => {
  serial += 1;
  const name = `web-${serial}x`;
  const key = `prod/shop/${name}`;
  const workload = { cluster: "prod", namespace: "shop", kind: "Deployment", name } as const;
  const cap = aStep({ state: "done", at: NOON, by: NINA.id, second: OTTO.id, outcome: "The ceiling is 96." });
  incident = anIncident({ id: `inc-report${serial}`, key, workload, diagnosis: aDiagnosis(), plan: [cap] });
  await stage.store.openIncident(incident);
});

/** Types the command, and gives the answer that only they see. */
async function ask(text: string, user = NINA.id): Promise<string> {
  const mine = () => stage.slack.messages(CHANNEL).filter(({ ephemeralFor }) => ephemeralFor === user);
  const before = mine().length;
  await stage.slack.slashCommand({ user, command: "/k8s-why", text: `report ${text}`, channel: CHANNEL });
  await vi.waitFor(() => expect(mine().length).toBeGreaterThan(before));
  const answer = mine().at(-1)?.versions.at(-1);
  return [answer?.text ?? "", ...textsOf(answer?.blocks)].join("\n");
}

/** Files in the thread of the incident, oldest first. */
async function files() {
  const thread = await stage.store.findMessage(incident.id, "headline");
  return stage.slack
    .messages(CHANNEL)
    .filter((message) => message.threadTs === thread?.ts)
    .flatMap((message) => (message.files ?? []).map((id) => ({ file: stage.slack.file(id), said: message.versions[0]?.text })));
}

describe("/k8s-why report", () => {
  test("puts the report into the incident's thread, people by name, and says where it is", async () => {
    await stage.bot.ready();
    const { ts } = await stage.tell(incident);
    const answer = await ask(incident.id);
    const [{ file, said } = {}, ...others] = await files();
    expect(others).toEqual([]);
    expect(file).toMatchObject({ name: `report-${incident.id}-v1.md`, shares: [{ channel: CHANNEL }] });
    expect(said).toBe("The incident report. <@U0NINA> asked for it.");
    const markdown = file?.bytes?.toString() ?? "";
    expect(markdown).toContain(`# Incident report: \`shop/${incident.workload.name}\`, replicas ran away`);
    expect(markdown).toContain("Nina Abel and Otto Brandt");
    expect(markdown).not.toContain("U0");
    expect(answer).toContain(
      `The report of \`${incident.key}\` is in <${stage.slack.url}/archives/${CHANNEL}/p${ts.replace(".", "")}|the thread>`,
    );
  });

  test("is found by the workload, open or over, forgiving about the name; asked for again it says where it is", async () => {
    await stage.tell(incident);
    await stage.store.updateIncident(incident.id, (one) => ({ ...one, status: "settled", settledAt: NOON + 31 * MINUTE }));
    expect(await ask(`shop/${incident.workload.name}`)).toContain("version 1.");
    expect(await ask(incident.workload.name.slice(0, -1), OTTO.id)).toMatch(
      /already: version 1 of .* Nothing has changed since\./,
    );
    expect(await files()).toHaveLength(1);
  });

  test("makes another version once there is something new to say", async () => {
    await stage.tell(incident);
    await ask(incident.id);
    await stage.store.updateIncident(incident.id, (one) => ({ ...one, now: { ...one.now, ready: 1 } }));
    expect(await ask(incident.id)).toContain("Nothing has changed since");
    await stage.store.updateIncident(incident.id, (one) => ({ ...one, recoveredAt: NOON + MINUTE, status: "recovered" }));
    expect(await ask(incident.id)).toContain("version 2.");
    expect((await files()).map(({ file, said }) => [file?.name, said?.split(".")[0]])).toEqual([
      [`report-${incident.id}-v1.md`, "The incident report"],
      [`report-${incident.id}-v2.md`, "The incident report, version 2: something has changed since"],
    ]);
  });

  test("two at once: one file", async () => {
    await stage.tell(incident);
    const answers = await Promise.all([ask(incident.id), ask(incident.id, ADA.id)]);
    expect(await files()).toHaveLength(1);
    expect(answers.filter((answer) => answer.includes("version 1."))).toHaveLength(1);
  });

  test("of nothing that is on record, of what has no thread, and for a guest there is none", async () => {
    expect(await ask(`nobody-${randomUUID()}`)).toContain("No incident is on record under");
    expect(await ask("")).toContain("Of which incident?");
    expect(await ask("web")).toMatch(/workloads answer to `web`/);
    expect(await ask(incident.id)).toContain("It has no thread yet");
    await stage.tell(incident);
    expect(await ask(incident.id, GUEST.id)).toContain("Only members of this workspace");
    expect(await files()).toEqual([]);
  });

  test("without the right to write files: which scope is missing; and the next ask is free", async () => {
    await stage.tell(incident);
    const fault = stage.slack.inject({ kind: "refusal", method: "files.getUploadURLExternal", error: "missing_scope", times: 1 });
    expect(await ask(incident.id)).toContain("the app lacks the scope `files:write`");
    fault[Symbol.dispose]();
    expect(await ask(incident.id)).toContain("version 1.");
  });

  test("Slack is busy: try again, and nothing is lost", async () => {
    await stage.tell(incident);
    stage.slack.inject({
      kind: "refusal",
      method: "files.completeUploadExternal",
      error: "internal_error",
      times: 1,
    });
    expect(await ask(incident.id)).toContain("Please try again in a moment");
    expect(await ask(incident.id)).toContain("version 1.");
    expect(await files()).toHaveLength(1);
  });
});
