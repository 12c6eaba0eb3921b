import { describe, expect, test } from "vitest";
import { ADA, NINA, OTTO } from "./bot-app.ts";
import { createBoltLog } from "#bot/bolt-log.ts";
import { createCallSlack, webClientOptions } from "#bot/web-client.ts";
import { createDirectory, withGroups } from "#bot/directory.ts";
import { silentLog } from "#lib/log.ts";
import { startLocalSlack } from "#sim/slack/local-slack.ts";

const users = [
  { ...NINA, email: "Nina@Example.com" },
  OTTO,
  { ...ADA, is: "guest" as const },
  { id: "U0ONE", name: "one", realName: "One", is: "single-channel-guest" as const },
  { id: "U0LEFT", name: "left", realName: "Left", is: "deleted" as const },
  { id: "U0ALIEN", name: "alien", realName: "Alien", is: "stranger" as const },
  { id: "U0BOT", name: "bot", realName: "Bot", isBot: true },
];

async function open() {
  const slack = await startLocalSlack({
    clock: { now: () => 0 },
    users,
    channels: [],
    userGroups: [{ id: "S0SRE", handle: "sre", name: "SRE", users: [NINA.id] }],
    signingSecret: "s",
    botToken: "xoxb-local",
  });
  const call = createCallSlack("xoxb-local", webClientOptions({ apiUrl: slack.apiUrl, logger: createBoltLog(silentLog) }));
  let now = 0;
  const plain = createDirectory(call, () => now);
  const directory = withGroups(plain, call, ["S0SRE"], () => now);
  return {
    slack,
    plain,
    directory,
    call,
    wait: (ms: number) => (now += ms),
    [Symbol.asyncDispose]: () => slack[Symbol.asyncDispose](),
  };
}

describe("the directory", () => {
  test("says who is what, with groups and a confirmed address", async () => {
    await using stage = await open();
    expect(await stage.directory.person(NINA.id)).toEqual({
      id: NINA.id,
      kind: "member",
      name: NINA.realName,
      email: "nina@example.com",
      groups: ["S0SRE"],
    });
    expect(await stage.directory.person(OTTO.id)).toMatchObject({ kind: "member", groups: [] });
    const kinds = await Promise.all([ADA.id, "U0ONE", "U0LEFT", "U0ALIEN", "U0BOT"].map((id) => stage.directory.person(id)));
    expect(kinds.map(({ kind }) => kind)).toEqual(["guest", "guest", "deactivated", "foreign", "bot"]);
    expect(await stage.directory.byEmail("OTTO@example.com")).toBe(OTTO.id);
    expect(await stage.directory.byEmail("nobody@example.com")).toBeUndefined();
  });

  test("asks once a minute, and throws where Slack does not say", async () => {
    await using stage = await open();
    const asked = () => stage.slack.requests.filter(({ method }) => method === "users.info").length;
    await stage.directory.person(NINA.id);
    await stage.directory.person(NINA.id);
    expect(await stage.plain.person(NINA.id)).toMatchObject({ name: NINA.realName, groups: [] });
    expect(asked()).toBe(1);
    stage.wait(60_001);
    await stage.directory.person(NINA.id);
    expect(asked()).toBe(2);
    await expect(stage.directory.person("U0NOBODY")).rejects.toThrow("Cannot look up who somebody is");
    const lost = withGroups(stage.plain, stage.call, ["S0GONE"], () => 0);
    await expect(lost.person(NINA.id)).rejects.toThrow("Cannot read a user group");
  });
});
