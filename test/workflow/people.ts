import type { PeoplePort } from "#domain/ports/slack.ts";
import type { Person, Policy, Rule } from "#domain/policy.ts";

/** A rule that allows everything to these people. */
export function aRule(users: readonly string[], over: Partial<Rule> = {}): Rule {
  const any = ["*"] as const;
  return { name: "all", allow: any, clusters: any, namespaces: any, workloads: any, users, groups: [], domains: [], ...over };
}

export function aPolicy(users: readonly string[], over: Partial<Policy> = {}): Policy {
  return { rules: [aRule(users)], breakGlass: [], protectedNamespaces: ["kube-system"], ...over };
}

/** People of a workspace: members, unless said. */
export function peopleOf(known: Readonly<Record<string, Partial<Person>>>): PeoplePort {
  return {
    person: async (id) => ({ id, kind: "member", groups: [], ...known[id] }),
    byEmail: async (email) => Object.entries(known).find(([, person]) => person.email === email)?.[0],
  };
}
