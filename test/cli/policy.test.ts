import { describe, expect, test } from "vitest";
import { aFolder, why } from "./why.ts";

const configuration = JSON.stringify({
  cluster: "prod",
  slack: { channel: "C012", approvers: ["U0BOSS"] },
  policy: {
    rules: [
      { name: "shop", allow: ["cap", "rollback"], namespaces: ["shop"], to: { groups: ["S0SHOP"], domains: ["Example.com"] } },
    ],
    breakGlass: ["U0NIGHT"],
  },
});

async function explain(...argv: string[]) {
  using folder = aFolder();
  return await why(["policy", "explain", ...argv], { K8S_WHY_CONFIG: folder.write("k8s-why.yaml", configuration) });
}

describe("k8s-why policy explain", () => {
  test.each([
    [
      ["--user", "U0BOSS", "--act", "drain", "--workload", "pay/api"],
      0,
      'allowed, two people: The rule "slack.approvers" allows it',
    ],
    [
      ["--user", "U1", "--group", "S0SHOP", "--act", "cap", "--workload", "shop/web"],
      0,
      "by the user group S0SHOP; one person is enough",
    ],
    [
      ["--user", "U1", "--email", "a@EXAMPLE.com", "--act", "rollback", "--workload", "shop/web", "--unsafe"],
      0,
      "two people, since",
    ],
    [["--user", "U1", "--group", "S0SHOP", "--act", "drain", "--workload", "shop/web"], 1, "denied: No rule allows you to drain"],
    [["--user", "U0NIGHT", "--act", "cap", "--workload", "shop/web"], 1, "may break the glass"],
    [["--user", "U0BOSS", "--act", "cap", "--workload", "kube-system/dns"], 1, "protected"],
    [["--user", "U1", "--group", "S0SHOP"], 0, 'cap, rollback on shop/* of every cluster: the rule "shop"'],
    [["--user", "U1"], 1, "No rule allows you anything."],
  ])("%j", async (argv, code, text) => {
    const ran = await explain(...argv);
    expect(ran.out).toContain(text);
    expect(ran.code).toBe(code);
  });

  test("says what is wrong with the question or the configuration", async () => {
    expect(await explain("--user", "U1", "--act", "fly", "--workload", "a/b")).toMatchObject({
      code: 2,
      said: expect.stringMatching(/^Cannot explain "fly": expected one of cap, migrate, rollback.*uncordon\.\n$/),
    });
    expect((await explain("--user", "U1", "--act", "cap", "--workload", "web")).said).toContain('"namespace/name"');
    const missing = await why(["policy", "explain", "--user", "U1"], { K8S_WHY_CONFIG: "nowhere.yaml" });
    expect(missing.code).not.toBe(0);
    expect(missing.said).toContain("nowhere.yaml");
    const json = await explain("--user", "U0BOSS", "--act", "cap", "--workload", "shop/web", "--json");
    expect(JSON.parse(json.out)).toMatchObject({ kind: "allowed", approvals: 1, rule: "slack.approvers", breakGlass: false });
  });
});
