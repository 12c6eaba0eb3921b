import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { environmentSchema } from "#app/config/environment.ts";
import { fileSchema } from "#app/config/file.ts";
import { loadConfiguration } from "#app/config/load.ts";
import { tellSettingsOf } from "#app/config/tell.ts";
import { quietHoursOf, stormOf } from "#app/config/quiet.ts";
import { ConfigurationError } from "#lib/errors.ts";

const environment = {
  SLACK_BOT_TOKEN: "xoxb-1",
  SLACK_SIGNING_SECRET: "s",
  GITHUB_WEBHOOK_SECRET: "s",
  GITHUB_TOKEN: "t",
};

async function fileWith(text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "k8s-why-config-")), "k8s-why.yaml");
  await writeFile(path, text);
  return path;
}

async function problemsOf(variables: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const error: unknown = await loadConfiguration(variables).then(
    () => undefined,
    (error: unknown) => error,
  );
  return error instanceof ConfigurationError ? error.problems : [];
}

describe("configuration", () => {
  test("quiet hours and storms: minutes, days and clock milliseconds; nothing that never ends or means nothing", () => {
    const slack = (over: object) => ({ slack: { channel: "C012ABCDEF", ...over } });
    const hours = { timeZone: "Europe/Berlin", from: "22:00", to: "7:30" };
    const { quietHours, storm } = fileSchema.parse(slack({ quietHours: { ...hours, days: ["fri", "sat"] } })).slack;
    expect(quietHoursOf(quietHours)).toEqual({ timeZone: "Europe/Berlin", from: 1_320, to: 450, days: [5, 6] });
    expect(stormOf(storm)).toEqual({ incidents: 5, windowMs: 600_000, waitMs: 20_000 });
    expect(stormOf({ ...storm, incidents: 0 })).toBeUndefined();
    for (const bad of [{ timeZone: "Mars/Base" }, { from: "25:00" }, { to: "22:00" }, { days: [] }])
      expect(fileSchema.safeParse(slack({ quietHours: { ...hours, ...bad } })).success).toBe(false);
  });

  test("a minimal one gets the defaults", async () => {
    const K8S_WHY_CONFIG = await fileWith("slack: { channel: C012ABCDEF }");
    const { environment: read, file } = await loadConfiguration({ ...environment, K8S_WHY_CONFIG });
    expect(read).toMatchObject({ PORT: 3000, REDIS_URL: "redis://127.0.0.1:6379", LOG_LEVEL: "info" });
    expect(file).toMatchObject({
      cluster: "default",
      namespaces: [],
      windowHours: 72,
      detection: { ratio: 2.2 },
      slack: { chart: "auto" },
    });
  });

  test("every problem is told at once, in sentences", async () => {
    const K8S_WHY_CONFIG = await fileWith(
      "slack: { channel: '#incidents' }\nwindowHour: 3\nownership: [{ workload: checkout, repository: acme, paths: [] }]",
    );
    const problems = await problemsOf({ K8S_WHY_CONFIG, PORT: "http", GITHUB_APP_ID: "1", SLACK_BOT_TOKEN: "xoxp-1" });
    const text = problems.join("\n");
    for (const expected of [
      "SLACK_BOT_TOKEN",
      "SLACK_SIGNING_SECRET is missing",
      "GITHUB_WEBHOOK_SECRET is missing",
      "PORT",
      "GITHUB_APP_PRIVATE_KEY is missing",
      "slack.channel",
      "windowHour",
      "ownership.0.workload",
      "ownership.0.paths",
    ]) {
      expect(text).toContain(expected);
    }
    expect(problems.every((problem) => problem.endsWith("."))).toBe(true);
  });

  test("a file that is not there or not YAML is named", async () => {
    expect((await problemsOf({ ...environment, K8S_WHY_CONFIG: "/nowhere/k8s-why.yaml" })).join()).toContain(
      "/nowhere/k8s-why.yaml",
    );
    expect((await problemsOf({ ...environment, K8S_WHY_CONFIG: await fileWith("slack: [") })).join()).toContain("as YAML");
  });
});

describe("who is told", () => {
  const inSlack = async (text: string) => problemsOf({ ...environment, K8S_WHY_CONFIG: await fileWith(text) });

  test("may be Slack ids and schedules; names are kept as they are looked up", async () => {
    const K8S_WHY_CONFIG = await fileWith(
      `slack:
  channel: C012
  onCall: [U012, { pagerduty: PABC1 }, { pagerdutyPolicy: PABC2 }, { opsgenie: 'Shop schedule' }]
  people: { OctoCat: U013 }
  owners: { '@Acme/Shop': S013 }
  routes: [{ name: night, channel: C013, escalation: [{ pagerduty: PABC3, level: 2 }] }]`,
    );
    const tokens = { PAGERDUTY_TOKEN: "t", OPSGENIE_API_KEY: "k" };
    const { file } = await loadConfiguration({ ...environment, ...tokens, K8S_WHY_CONFIG });
    const any = ["*"];
    expect(tellSettingsOf(file.slack)).toEqual({
      channel: "C012",
      onCall: [
        { kind: "slack", id: "U012" },
        { kind: "pagerduty", schedule: "PABC1" },
        { kind: "pagerduty", policy: "PABC2", level: 1 },
        { kind: "opsgenie", schedule: "Shop schedule" },
      ],
      escalation: [],
      people: { octocat: "U013" },
      owners: { "acme/shop": "S013" },
      mostCalls: 8,
      routes: [
        {
          name: "night",
          clusters: any,
          namespaces: any,
          workloads: any,
          severities: ["low", "medium", "high"],
          channel: "C013",
          escalation: [{ kind: "pagerduty", schedule: "PABC3", level: 2 }],
        },
      ],
    });
  });

  test.each([
    [
      "onCall: ['#ops']",
      /slack\.onCall\.0: must be a Slack user id \(U\.\.\.\), a user group id .*or opsgenie: <schedule name or id>\.$/,
    ],
    ["onCall: [{ pagerduty: PABC1, opsgenie: x }]", /slack\.onCall\.0: must be/],
    ["onCall: [{ pagerduty: PABC1, levels: 2 }]", /slack\.onCall\.0: Unrecognized key: "levels"/],
    ["onCall: [{ pagerduty: PABC1 }]", /^PAGERDUTY_TOKEN is missing: the configuration names a schedule of PagerDuty\.$/],
    ["routes: [{ name: x, channel: C013, onCall: [{ opsgenie: x }] }]", /^OPSGENIE_API_KEY is missing/],
    ["routes: [{ name: x }]", /slack\.routes\.0\.channel is missing/],
    ["routes: [{ name: x, channel: C013, severity: high }]", /slack\.routes\.0: Unrecognized key: "severity"/],
    ["people: { octocat: '@octo' }", /slack\.people\.octocat: must be a Slack user id/],
  ])("%s: a sentence", async (line, sentence) => {
    expect(await inSlack(`slack:\n  channel: C012\n  ${line}`)).toEqual([expect.stringMatching(sentence)]);
  });
});

describe("examples", () => {
  test(".env.example lists every variable and parses", async () => {
    const text = await readFile(".env.example", "utf8");
    const everything = parseEnv(text.replaceAll(/^# (?=[A-Z0-9_]+=)/gm, ""));
    expect(Object.keys(everything).toSorted()).toEqual(Object.keys(environmentSchema.shape).toSorted());
    expect(environmentSchema.safeParse(everything).error?.issues).toBeUndefined();
    expect(environmentSchema.safeParse(parseEnv(text)).success).toBe(true);
  });

  test("k8s-why.example.yaml has every key, and shows the defaults that there are", async () => {
    const given: unknown = parse(await readFile("k8s-why.example.yaml", "utf8"));
    const read = fileSchema.parse(given);
    expect(keysOf(given)).toEqual(keysOf(read));
    const defaults = fileSchema.parse({ slack: { channel: "C012ABCDEF" } });
    expect(keysOf(given)).toEqual(expect.arrayContaining(keysOf(defaults)));
    expect(read).toMatchObject({
      detection: defaults.detection,
      queries: defaults.queries,
      windowHours: defaults.windowHours,
      capMargin: defaults.capMargin,
    });
  });
});

function keysOf(value: unknown, prefix = ""): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [prefix];
  return Object.entries(value)
    .flatMap(([key, held]) => keysOf(held, prefix ? `${prefix}.${key}` : key))
    .toSorted();
}
