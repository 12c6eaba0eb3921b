import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CHANNEL, type Stage, startStage } from "#test/bot/bot-app.ts";
import { MINUTE, NOON, aDiagnosis, aSituation, aStep, anIncident } from "#test/builders.ts";
import { askForPicture, createPictureJobs } from "#workflow/picture.ts";
import { createAnnounce } from "#workflow/announce.ts";
import { createPicturePort } from "#bot/picture/picture-port.ts";
import type { Incident } from "#domain/incident.ts";
import type { Enqueue, JobData, JobName } from "#workflow/jobs.ts";
import { type Log, silentLog } from "#lib/log.ts";
import { createCallSlack, webClientOptions } from "#bot/web-client.ts";
import { quiet } from "#test/slack/bolt-app.ts";
import { runJob } from "#app/jobs.ts";

interface Queued {
  readonly name: string;
  readonly data: unknown;
  readonly id: string;
}

const scopes = ["chat:write", "files:write"];

describe("the picture in the headline", () => {
  let stage: Stage;
  let wallNow = Date.UTC(2026, 0, 1);
  let serial = 0;
  let id = "";
  let at = NOON;
  let queued: Queued[] = [];

  beforeAll(async () => void (stage = await startStage({}, { scopes, wallNow: () => wallNow, fileProcessingMs: 1_000 })));
  afterAll(async () => await stage[Symbol.asyncDispose]());
  beforeEach(async () => {
    id = `inc-picture${(serial += 1)}`;
    at = NOON;
    queued = [];
    await stage.store.openIncident(anIncident({ id, key: `prod/shop/web-${serial}`, diagnosis: aDiagnosis(), plan: [aStep()] }));
    await stage.store.saveSamples(id, [
      { at: NOON - MINUTE, replicas: 30, nodes: 10 },
      { at: NOON, replicas: 75, nodes: 14 },
    ]);
    await announce();
  });
  afterEach(() => void (wallNow += 10_000));

  const announce = async () => {
    await createAnnounce({ verbs: { ...stage.store, ...stage.bot.slack }, now: () => at })(id);
    await stage.quiet();
  };
  const enqueue: Enqueue = async (name, data, { id: jobId }) => void queued.push({ name, data, id: jobId });
  const jobs = () => {
    const verbs = { ...stage.store, ...stage.bot.slack, ...stage.bot.pictures, enqueue };
    return createPictureJobs({ verbs, now: () => at, settleMs: 1 });
  };
  const run = <N extends JobName>(name: N, data: JobData<N>) => runJob({ ...jobs(), announce }, { name, data });
  /** What was enqueued, after Slack has had its time, and what follows from it. */
  const runAll = async () => {
    for (let next = queued.shift(); next; next = queued.shift()) {
      wallNow += 2_000;
      await run(next.name as JobName, next.data as never);
      await stage.quiet();
    }
  };
  const mine = () =>
    stage.slack.messages(CHANNEL).filter(({ versions }) => JSON.stringify(versions[0]?.metadata).includes(`"${id}"`));
  const images = () => mine().map(({ threadTs, versions }) => ({ threadTs, blocks: versions.at(-1)?.blocks }));
  const shownIn = (blocks: readonly object[] | undefined) => (blocks ?? []).filter((block) => "slack_file" in block);
  const headlineImage = () => shownIn(images().find(({ threadTs }) => !threadTs)?.blocks)[0];
  const picture = async () => (await stage.store.findIncident(id))?.picture;

  test("is uploaded for nobody, shared by a post in the thread, then shown in the headline", async () => {
    await run("draw-picture", { incidentId: id, due: "told" });
    expect(queued.map(({ name }) => name)).toEqual(["share-picture"]);
    expect(headlineImage()).toBeUndefined();
    await runAll();

    const shown = await picture();
    const file = stage.slack.file(shown?.fileId ?? "");
    expect(file?.bytes?.subarray(1, 4).toString()).toBe("PNG");
    expect(headlineImage()).toMatchObject({
      slack_file: { id: shown?.fileId },
      alt_text: expect.stringContaining("Replicas: usual 30"),
    });
    expect(images().filter(({ threadTs, blocks }) => threadTs && shownIn(blocks).length > 0)).toHaveLength(1);
  });

  test("stands in the thread alone where the headline shows Slack's own chart, and in both where the workspace takes none", async () => {
    const climb = [30, 30, 44, 75].map((replicas, index) => ({ at: NOON + (index - 3) * MINUTE, replicas, nodes: 10 }));
    const charts = () => images().flatMap(({ blocks = [] }) => blocks.filter(({ type }) => type === "data_visualization"));
    const inThread = () => images().filter(({ threadTs, blocks }) => threadTs && shownIn(blocks).length > 0);
    await stage.store.saveSamples(id, climb);
    await announce();
    await run("draw-picture", { incidentId: id, due: "told" });
    await runAll();
    expect([charts().length, headlineImage(), inThread().length]).toEqual([1, undefined, 1]);

    stage.slack.takeCharts(false);
    await stage.store.updateIncident(id, (current) => ({ ...current, now: { ...current.now, desired: 80 } }));
    await announce();
    stage.slack.takeCharts(true);
    expect([charts().length, inThread().length]).toEqual([0, 1]);
    expect(headlineImage()).toMatchObject({ slack_file: { id: (await picture())?.fileId } });
    expect(mine().filter(({ threadTs }) => !threadTs)).toHaveLength(1);
  });

  test("takes the place of the one before, whose file and post are deleted", async () => {
    await run("draw-picture", { incidentId: id, due: "told" });
    await runAll();
    const before = (await picture())?.fileId ?? "";
    at = NOON + MINUTE;
    await run("draw-picture", { incidentId: id, due: "later" });
    await runAll();

    const after = (await picture())?.fileId ?? "";
    expect(after).not.toBe(before);
    expect(stage.slack.file(before)).toBeUndefined();
    expect(stage.slack.file(after)).toBeDefined();
    expect(headlineImage()).toMatchObject({ slack_file: { id: after } });
    const posts = images().filter(({ threadTs, blocks }) => threadTs && shownIn(blocks).length > 0);
    expect(posts.map(({ blocks }) => shownIn(blocks)[0])).toMatchObject([{ slack_file: { id: after } }]);
  });

  test("that comes late does not take the place of a newer one, and goes", async () => {
    await run("draw-picture", { incidentId: id, due: "told" });
    const [late] = queued.splice(0);
    at = NOON + MINUTE;
    await run("draw-picture", { incidentId: id, due: "newer" });
    await runAll();
    const newer = await picture();
    if (late) queued.push(late);
    await runAll();

    expect(await picture()).toEqual(newer);
    expect(stage.slack.file((late?.data as JobData<"share-picture"> | undefined)?.picture.fileId ?? "")).toBeUndefined();
  });

  test("waits for its post in the thread", async () => {
    const absent = { fileId: "F0ABSENT", alt: "x", drawnAt: NOON };
    await expect(run("show-picture", { incidentId: id, picture: absent })).rejects.toThrow("still on its way");
    expect(await picture()).toBeUndefined();
  });

  test("goes where no headline stands to show it", async () => {
    id = "inc-untold";
    await stage.store.openIncident(anIncident({ id, key: "prod/shop/untold", diagnosis: aDiagnosis() }));
    await run("draw-picture", { incidentId: id, due: "told" });
    const fileId = (queued[0]?.data as JobData<"share-picture"> | undefined)?.picture.fileId ?? "";
    expect(stage.slack.file(fileId)).toBeDefined();
    await runAll();

    expect(stage.slack.file(fileId)).toBeUndefined();
    expect(await picture()).toBeUndefined();
  });

  test("is done without where the scope is missing, said once", async () => {
    const said: string[] = [];
    const log: Log = { ...silentLog, warn: (_fields: object, message: string) => void said.push(message) };
    const poor = await startStage({}, { scopes: ["chat:write"] });
    const call = createCallSlack("xoxb-local", webClientOptions({ apiUrl: poor.slack.apiUrl, logger: quiet }));
    let wall = 0;
    const port = createPicturePort({ call, wallNow: () => wall, log });
    const incident = anIncident({ diagnosis: aDiagnosis() });

    expect(await port.drawPicture(incident, [])).toBeUndefined();
    expect(await port.drawPicture(incident, [])).toBeUndefined();
    expect(said).toEqual(["Headlines go without a picture: Slack takes no files from this app"]);
    wall = 2 * 3_600_000;
    await port.drawPicture(incident, []);
    expect(said).toHaveLength(2);
    await poor[Symbol.asyncDispose]();
  });

  test("is tried again when Slack says later, and one that is gone already is no surprise", async () => {
    using fault = stage.slack.inject({
      kind: "rate-limit",
      method: "files.getUploadURLExternal",
      times: 1,
      retryAfterSeconds: 1,
    });
    await expect(run("draw-picture", { incidentId: id, due: "told" })).rejects.toThrow(/Cannot upload a picture to Slack/);
    expect(fault).toBeDefined();
    await run("drop-picture", { incidentId: id, fileId: "F0GONE" });
  });

  test("is asked for when there is news, and else once in a while", async () => {
    const due = async (over: Partial<Incident>) => {
      queued = [];
      await askForPicture(enqueue, anIncident({ id, diagnosis: aDiagnosis(), telling: { toldAt: NOON }, ...over }));
      return queued[0]?.id;
    };
    const after = (minutes: number) => ({ now: aSituation({ at: NOON + minutes * MINUTE }) });

    expect(await due({ diagnosis: undefined })).toBeUndefined();
    // It waits for others, is one of a storm or silenced: there is no headline to show it, and it would be uploaded in vain.
    expect(await due({ telling: undefined })).toBeUndefined();
    expect(await due({ telling: { silenced: { by: "U1", reason: "x", until: NOON } } })).toBeUndefined();
    const first = await due(after(0));
    expect(await due(after(4))).toBe(first);
    expect(await due(after(5))).not.toBe(first);
    expect(await due({ ...after(0), status: "mitigated" })).not.toBe(first);
    expect(await due({ ...after(0), plan: [aStep({ state: "done", at: NOON })] })).not.toBe(first);
    expect(await due({ ...after(0), diagnosis: aDiagnosis({ named: false }) })).not.toBe(first);
    expect(await due({ ...after(100), status: "settled" })).toBe(await due({ ...after(200), status: "settled" }));
  });
});
