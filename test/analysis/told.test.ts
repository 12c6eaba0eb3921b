import { NOON, aSituation, aSpike, aUsual, anIncident, shopWeb } from "#test/builders.ts";
import { type Route, severities } from "#domain/told.ts";
import { describe, expect, test } from "vitest";
import { addressOf, isBot, namesOf } from "#analysis/author.ts";
import { routeOf } from "#analysis/route.ts";
import { severityOf } from "#analysis/severity.ts";
import type { Illness } from "#domain/illness.ts";

const illness = (kind: Illness["kind"]): Illness => ({ kind, since: NOON, toldAt: NOON, value: 1, usual: 0, text: "It is." });

describe("severity", () => {
  test.each([
    ["a runaway far from its ceiling, below four times usual", {}, "medium"],
    ["at four times usual", { now: aSituation({ desired: 120 }) }, "high"],
    ["just below four times usual", { now: aSituation({ desired: 119 }) }, "medium"],
    ["at nine tenths of its ceiling", { now: aSituation({ desired: 90, ceiling: 100 }) }, "high"],
    ["just below that", { now: aSituation({ desired: 89, ceiling: 100 }) }, "medium"],
    ["whose autoscaler says that it is at its ceiling", { now: aSituation({ atCeiling: true, ceiling: undefined }) }, "high"],
    ["in a namespace whose quota is exhausted", { illnesses: [illness("quota-exhausted")] }, "high"],
    ["that crashes too", { illnesses: [illness("crash-loop")] }, "medium"],
    ["of what usually has no pods", { usual: aUsual({ replicas: 0 }) }, "medium"],
    ["demand above the ceiling", { spike: aSpike({ trouble: "above-ceiling" }) }, "medium"],
    ["a failing rollout with pods that are ready", { spike: aSpike({ trouble: "rollout-failing" }) }, "medium"],
    ["without", { spike: aSpike({ trouble: "rollout-failing" }), now: aSituation({ ready: 0 }) }, "high"],
    [
      "of what is scaled to nothing",
      { spike: aSpike({ trouble: "rollout-failing" }), now: aSituation({ desired: 0 }) },
      "medium",
    ],
    ["the cluster", { spike: aSpike({ trouble: "cluster" }) }, "medium"],
    ["an autoscaler that is ill", { spike: aSpike({ trouble: "autoscaler-ill" }) }, "low"],
  ] as const)("%s", (_name, over, severity) => {
    const judged = severityOf(anIncident(over));
    expect(judged.severity).toBe(severity);
    expect(judged.why).toMatch(/^[A-Z].*\.$/);
  });
});

const any = ["*"];
const aRoute = (over: Partial<Route>): Route => ({
  name: "a route",
  clusters: any,
  namespaces: any,
  workloads: any,
  severities,
  channel: "C0ROUTE",
  ...over,
});

describe("a route", () => {
  const subject = { workload: shopWeb, teams: ["@Acme/Web-Shop"], severity: "high" } as const;

  test.each([
    ["without matchers", {}, true],
    ["of the cluster", { clusters: ["staging", "pro*"] }, true],
    ["of another cluster", { clusters: ["staging"] }, false],
    ["of the namespace", { namespaces: ["sh*p"] }, true],
    ["of another namespace", { namespaces: ["pay"] }, false],
    ["of the workload", { workloads: ["web*"] }, true],
    ["of another workload", { workloads: ["webs"] }, false],
    ["of the team, as CODEOWNERS writes it", { teams: ["@acme/web-shop"] }, true],
    ["of the team by its own name", { teams: ["Web-*"] }, true],
    ["of all the organisation's teams", { teams: ["acme/*"] }, true],
    ["of another team", { teams: ["@acme/web"] }, false],
    ["of the severity", { severities: ["high"] }, true],
    ["of others", { severities: ["low", "medium"] }, false],
    ["where one of several does not fit", { namespaces: ["shop"], workloads: ["api"] }, false],
  ] as const)("%s: %j fits: %s", (_name, over, fits) => {
    expect(routeOf(subject, [aRoute(over)])?.name).toBe(fits ? "a route" : undefined);
  });

  test("that comes first decides", () => {
    const routes = [aRoute({ namespaces: ["pay"] }), aRoute({ name: "second" }), aRoute({ name: "third" })];
    expect(routeOf(subject, routes)?.name).toBe("second");
    expect(routeOf(subject, [])).toBeUndefined();
  });

  test("by team leaves out what is nobody's, also by *", () => {
    expect(routeOf({ ...subject, teams: [] }, [aRoute({ teams: any })])).toBeUndefined();
  });

  test("for everything takes a cluster, one for a namespace does not", () => {
    const cluster = { ...subject, workload: { cluster: "prod", namespace: "", name: "" } };
    expect(routeOf(cluster, [aRoute({})])?.name).toBe("a route");
    expect(routeOf(cluster, [aRoute({ namespaces: ["shop"] })])).toBeUndefined();
  });
});

describe("an author", () => {
  test.each([
    [{ name: "dependabot[bot]" }, true],
    [{ name: "Renovate", login: "renovate" }, true],
    [{ name: "x", email: "49699333+dependabot[bot]@users.noreply.github.com" }, true],
    [{ name: "x", email: "bot@renovateapp.com" }, true],
    [{ name: "GitHub", email: "noreply@github.com" }, true],
    [{ name: "Bob Bot", login: "bobbot", email: "bob@example.com" }, false],
    [{ name: "Ada", email: "1+ada@users.noreply.github.com" }, false],
  ])("%j is a program: %s", (author, bot) => expect(isBot(author)).toBe(bot));

  test.each([
    [{ login: "Ada", email: "Ada@Example.com" }, ["ada", "ada@example.com"]],
    [{ email: "1234+Octo-Cat@users.noreply.github.com" }, ["1234+octo-cat@users.noreply.github.com", "octo-cat"]],
    [{ email: "octocat@users.noreply.github.com" }, ["octocat@users.noreply.github.com", "octocat"]],
    [{ email: "octocat@users.noreply.github.com.evil.example" }, ["octocat@users.noreply.github.com.evil.example"]],
    [{}, []],
  ])("%j is known by %j", (author, names) => expect(namesOf(author)).toEqual(names));

  test.each([
    ["Ada@Example.com", "ada@example.com"],
    ["1+ada@users.noreply.github.com", undefined],
    ["<!channel>", undefined],
    ["a@b c", undefined],
    [undefined, undefined],
  ])("%j may be looked up as %j", (email, address) => expect(addressOf(email === undefined ? {} : { email })).toBe(address));
});
