import { afterEach, describe, expect, it } from "vitest";
import { createSimClock, formatClock } from "#sim/clock.ts";
import type { Headline } from "#sim/demo/headline.ts";
import { startOnCall } from "#sim/demo/on-call.ts";
import { startLocalSlack } from "#sim/slack/local-slack.ts";
import { startStandIn, type Step } from "./stand-in.ts";

const channel = "C0INCIDENTS";
const sha = "a".repeat(40);
const stops: (() => PromiseLike<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function play(plan: readonly Step[], named: boolean, guilty?: string) {
  const clock = createSimClock(formatClock(Date.now(), Date.UTC(2026, 2, 4), 600));
  const slack = await startLocalSlack({
    clock,
    users: [{ id: "U0ONCALL", name: "ada", realName: "Ada" }],
    channels: [{ id: channel, name: "incidents" }],
    signingSecret: "s",
    botToken: "xoxb-demo",
  });
  stops.push(() => slack[Symbol.asyncDispose]());
  const standIn = await startStandIn(slack, { channel, plan, named, sha });
  stops.push(() => standIn[Symbol.asyncDispose]());
  const stop = new AbortController();
  let migrated = 0;
  let undone = 0;
  const undo = {
    isNamedBy: ({ suspects }: Headline) => suspects[0]?.sha === guilty,
    run: () => void (undone += 1),
  };
  const onCall = startOnCall(
    {
      slack,
      clock,
      channel,
      second: "U0SECOND",
      user: "U0ONCALL",
      seed: 1,
      runDownMigration: () => (migrated += 1),
      tell: () => {},
      ...(guilty ? { undo } : {}),
    },
    stop.signal,
  );
  stops.push(async () => {
    stop.abort();
    await onCall.done;
  });
  return { submitted: standIn.submitted, onCall, migrated: () => migrated, undone: () => undone };
}

describe("the person on call", () => {
  it("caps, rolls back with the migration taken back and the box ticked, and gives nodes back", async () => {
    const { submitted, onCall, migrated } = await play(["cap", "rollback", "drain"], true);

    await expect.poll(() => submitted.length).toBe(3);
    expect(submitted).toEqual([
      { step: "cap", ticked: false },
      { step: "rollback", ticked: true },
      { step: "drain", ticked: false },
    ]);
    expect(migrated()).toBe(1);
    expect(onCall.atRollback()?.suspects).toMatchObject([{ rank: 1, percent: 62, sha }]);
  });

  it("neither caps nor rolls back where no change is named", async () => {
    const { submitted, onCall } = await play(["drain", "cap"], false);

    await expect.poll(() => submitted.length).toBe(1);
    expect(onCall.presses()).toEqual(["step:drain"]);
  });

  it("has the configuration taken back, once, when the headline names it first", async () => {
    const { onCall, undone } = await play([], true, sha);

    await expect.poll(undone).toBe(1);
    expect(onCall.atUndo()?.suspects).toMatchObject([{ rank: 1, sha }]);
  });

  it("leaves the configuration alone when something else is named", async () => {
    const { submitted, undone } = await play(["cap", "rollback", "drain"], true, "b".repeat(40));

    await expect.poll(() => submitted.length).toBe(3);
    expect(undone()).toBe(0);
  });
});
