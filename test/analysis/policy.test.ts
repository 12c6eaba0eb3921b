import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Person } from "#domain/policy.ts";
import { aPolicy, aRule } from "#test/workflow/people.ts";
import { grantsOf, judge, matches, mayAnything } from "#analysis/policy.ts";
import { verbs } from "#domain/policy.ts";

const web = { cluster: "prod", namespace: "shop", name: "web" };
const deed = (over: object = {}) => ({ verb: "cap" as const, workload: web, isSafe: true, ...over });
const member = (over: Partial<Person> = {}): Person => ({ id: "U1", kind: "member", groups: [], ...over });

describe("a policy", () => {
  it("allows nobody anything without a rule", () => {
    for (const verb of verbs) expect(judge(aPolicy([], { rules: [] }), member(), deed({ verb })).kind).toBe("denied");
    expect(mayAnything(aPolicy([], { rules: [] }), member())).toBe(false);
  });

  it.each(["guest", "bot", "deactivated", "foreign"] as const)("allows a %s nothing, whatever the rules say", (kind) => {
    const person = member({ kind, email: "a@acme.com", groups: ["S1"] });
    const policy = aPolicy(["U1"], { rules: [aRule(["U1"], { groups: ["S1"], domains: ["acme.com"] })], breakGlass: ["U1"] });
    for (const verb of verbs) expect(judge(policy, person, deed({ verb })).kind).toBe("denied");
    expect(mayAnything(policy, person)).toBe(false);
    expect(grantsOf(policy, person)).toHaveLength(1);
  });

  it("knows people by id, by user group, and by the domain of their address, and by nothing like it", () => {
    const by = (over: object) => aPolicy([], { rules: [aRule([], over)] });
    expect(judge(by({ users: ["U1"] }), member(), deed()).kind).toBe("allowed");
    expect(judge(by({ groups: ["S1"] }), member({ groups: ["S1"] }), deed()).kind).toBe("allowed");
    expect(judge(by({ groups: ["S1"] }), member({ groups: ["S2"] }), deed()).kind).toBe("denied");
    expect(judge(by({ domains: ["acme.com"] }), member({ email: "a@acme.com" }), deed()).kind).toBe("allowed");
    for (const email of ["a@evilacme.com", "a@acme.com.evil.org", "acme.com@evil.org", undefined])
      expect(judge(by({ domains: ["acme.com"] }), member(email === undefined ? {} : { email }), deed()).kind).toBe("denied");
  });

  it("lets the first rule that fits decide, and names it", () => {
    const rules = [
      aRule(["U1"], { name: "pay is careful", namespaces: ["pay"], approvals: 2 }),
      aRule(["U1"], { name: "shop may be capped", namespaces: ["shop"], allow: ["cap"] }),
    ];
    const policy = aPolicy([], { rules });
    expect(judge(policy, member(), deed())).toMatchObject({ kind: "allowed", approvals: 1, rule: "shop may be capped" });
    expect(judge(policy, member(), deed({ verb: "drain" }))).toMatchObject({ kind: "denied" });
    expect(judge(policy, member(), deed({ workload: { ...web, namespace: "pay" } }))).toMatchObject({ approvals: 2 });
    expect(judge(policy, member({ id: "U2" }), deed()).kind).toBe("denied");
  });

  it("asks for two people where going back may break something, and for a drain", () => {
    const policy = aPolicy(["U1"]);
    const needed = (over: object) => (judge(policy, member(), deed(over)) as { approvals?: number }).approvals;
    expect(needed({ verb: "cap", isSafe: false })).toBe(1);
    expect(needed({ verb: "rollback", isSafe: true })).toBe(1);
    expect(needed({ verb: "rollback", isSafe: false })).toBe(2);
    expect(needed({ verb: "drain" })).toBe(2);
  });

  it("opens no protected namespace by any rule", () => {
    const workload = { ...web, namespace: "kube-system" };
    for (const verb of verbs) expect(judge(aPolicy(["U1"]), member(), deed({ verb, workload })).kind).toBe("denied");
    const gated = aPolicy(["U1"], { protectedNamespaces: ["kube-*", "vault"] });
    expect(judge(gated, member(), deed({ workload: { ...web, namespace: "kube-public" } })).kind).toBe("denied");
  });
});

describe("a glob", () => {
  it("takes a star for any characters, and all others for themselves", () => {
    expect(matches("web-*", "web-1")).toBe(true);
    expect(matches("web-*", "web")).toBe(false);
    expect(matches("a*b*c", "a-b-b-c")).toBe(true);
    expect(matches("ab*ba", "aba")).toBe(false);
    expect(matches("w.b", "web")).toBe(false);
    expect(matches("", "")).toBe(true);
  });

  it("agrees with a regular expression that was escaped", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "b", "*", ".") }),
        fc.string({ unit: fc.constantFrom("a", "b", ".") }),
        (pattern, name) => {
          const expression = new RegExp(`^${pattern.replace(/[.]/g, "\\.").replace(/\*+/g, ".*")}$`);
          expect(matches(pattern, name)).toBe(expression.test(name));
        },
      ),
    );
  });
});
