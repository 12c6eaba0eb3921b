import { describe, expect, test } from "vitest";
import { aFolder, why } from "./why.ts";

const configuration = JSON.stringify({
  cluster: "prod",
  slack: {
    channel: "C012",
    onCall: ["S0OPS"],
    escalation: [{ pagerdutyPolicy: "PESC1", level: 2 }],
    routes: [
      { name: "bad payments", namespaces: ["pay"], severities: ["high"], channel: "C0PAY", onCall: [{ opsgenie: "Pay" }] },
      { name: "the shop's", teams: ["@acme/shop"], channel: "C0SHOP", onCall: [{ pagerduty: "PSHOP" }] },
    ],
  },
});

async function explain(...argv: string[]) {
  using folder = aFolder();
  return await why(["route", "explain", ...argv], { K8S_WHY_CONFIG: folder.write("k8s-why.yaml", configuration) });
}

describe("k8s-why route explain", () => {
  test("names channel, route and who is called, for each severity", async () => {
    const { out, code } = await explain("--workload", "pay/api");
    expect(out.split("\n")).toEqual([
      "low: C012, as no route fits; on call nobody",
      "medium: C012, as no route fits; on call S0OPS; next PagerDuty policy PESC1, level 2",
      'high: C0PAY, by the route "bad payments"; on call Opsgenie schedule "Pay"; next PagerDuty policy PESC1, level 2',
      "",
    ]);
    expect(code).toBe(0);
  });

  test("goes by team", async () => {
    const { out } = await explain("--workload", "pay/api", "--team", "x", "--team", "acme/Shop", "--severity", "medium");
    expect(out).toContain(`medium: C0SHOP, by the route "the shop's"; on call PagerDuty schedule PSHOP; next`);
    const json = await explain("--workload", "pay/api", "--severity", "high", "--json");
    expect(JSON.parse(json.out)).toMatchObject([{ severity: "high", route: "bad payments", channel: "C0PAY" }]);
  });

  test("says what is wrong with the question", async () => {
    expect(await explain("--workload", "api")).toMatchObject({ code: 2, said: expect.stringContaining('"namespace/name"') });
    expect(await explain("--workload", "pay/api", "--severity", "bad")).toMatchObject({
      code: 2,
      said: 'Cannot explain "bad": expected one of low, medium, high.\n',
    });
  });
});
