import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MINUTE, NOON, aFile, someSignals } from "#test/builders.ts";
import { anInput, chained, dearer, olderParts, shipped } from "#test/analysis/stories.ts";
import { kindsIn, readRecordings, replay } from "#train/recordings.ts";
import { aFolder } from "#test/cli/why.ts";
import { createPast } from "#analysis/past/past.ts";
import { createRecorder } from "#app/recorder.ts";
import { diagnose } from "#analysis/diagnose.ts";
import { inputOf, recordingOf } from "#analysis/recording.ts";
import { silentLog } from "#lib/log.ts";

const guilty = shipped("Keep orders in another form", NOON - 40 * MINUTE, NOON - 10 * MINUTE, 7, {
  files: [aFile("services/web/src/orders.ts", { patch: "+for (const order of orders) {}" })],
});
const changes = chained([...olderParts(), guilty]);
const past = createPast();
for (const change of changes) if (change.kind === "landing") past.add(change);
const latencies = new Map([["prod/shop/cart", someSignals().latencySeconds]]);
const input = anInput({ changes, signals: dearer(NOON - 9 * MINUTE, 6), past, latencies });

test("what was recorded is diagnosed as it was", () => {
  expect(diagnose(inputOf(recordingOf(input)))).toEqual(diagnose(input));
});

test("diffs are kept to a length", () => {
  const long = { ...guilty.landing, files: [aFile("a.ts", { patch: "+x".repeat(50_000) })] };
  expect(inputOf(recordingOf({ ...input, changes: [long] })).changes).toMatchObject([
    { files: [{ patch: "+x".repeat(10_000) }] },
  ]);
});

describe("a recorder", () => {
  test("keeps the newest thousand in files that only we read, and leaves other files alone", async () => {
    using folder = aFolder();
    const own = join(folder.path, "recordings");
    mkdirSync(own);
    writeFileSync(join(own, "notes.txt"), "mine");
    for (let index = 0; index < 1_000; index += 1) writeFileSync(join(own, `${NOON - 2_000 + index}-inc-old.json`), "{}");
    await createRecorder(own, silentLog)("inc/../new", input);
    const files = readdirSync(own).toSorted();
    expect(files).toHaveLength(1_001);
    expect(files).toContain(`${input.now}-inc-new.json`);
    expect(files).toContain("notes.txt");
    expect(files).not.toContain(`${NOON - 2_000}-inc-old.json`);
  });

  test("never fails an investigation", async () => {
    using folder = aFolder();
    const said: object[] = [];
    const blocked = folder.write("file", "in the way");
    await createRecorder(blocked, { ...silentLog, warn: (fields) => void said.push(fields) })("inc-1", input);
    expect(said).toHaveLength(1);
  });
});

describe("a replay", () => {
  test("says whether the answer was right, how sure, and what a kind of evidence was worth", async () => {
    using folder = aFolder();
    const story = join(folder.path, "story-1");
    await createRecorder(story, silentLog)("inc-1", input);
    await createRecorder(story, silentLog)("inc-2", {
      ...input,
      spike: { ...input.spike, workload: "prod/shop/other" },
      now: NOON + MINUTE,
    });
    writeFileSync(join(story, "answer.json"), JSON.stringify({ workload: input.spike.workload, sha: guilty.landing.sha }));
    const recorded = readRecordings(folder.path);
    expect(recorded).toHaveLength(1);
    const whole = recorded.map((one) => replay(one));
    expect(whole).toMatchObject([{ name: "story-1", right: true }]);
    const without = recorded.map((one) => replay(one, "in-rollout"));
    expect(without[0]!.loss).toBeGreaterThan(whole[0]!.loss);
    expect(kindsIn(recorded).get("in-rollout")).toBe(1);
    const nobody = { ...recorded[0]!, answer: { workload: input.spike.workload } };
    expect(replay(nobody)).toMatchObject({ right: false });
  });
});
