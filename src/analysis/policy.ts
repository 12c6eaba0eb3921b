import type { Deed, Judgement, Person, Policy, Rule, Verb } from "#domain/policy.ts";

/** People that must approve where the rule does not say: two where undoing it is hard, or where others feel it. */
const APPROVALS: Record<Verb, (deed: Deed) => 1 | 2> = {
  cap: () => 1,
  migrate: () => 2,
  rollback: ({ isSafe }) => (isSafe ? 1 : 2),
  lower: () => 1,
  drain: () => 2,
  restore: () => 1,
  scale: () => 2,
  pause: () => 1,
  resume: () => 2,
  restart: () => 2,
  cordon: () => 1,
  uncordon: () => 1,
};

const WHAT: Record<Verb, string> = {
  cap: "cap",
  migrate: "take migrations back for",
  rollback: "roll back",
  lower: "lower the ceiling of",
  drain: "drain nodes for",
  restore: "give the ceiling back to",
  scale: "set the count of",
  pause: "hold the rollout of",
  resume: "let the rollout go on of",
  restart: "restart",
  cordon: "cordon nodes for",
  uncordon: "uncordon nodes for",
};

const NEVER: Record<Exclude<Person["kind"], "member">, string> = {
  guest: "Guests may not act.",
  bot: "Bots may not act.",
  deactivated: "A deactivated account may not act.",
  foreign: "People of another workspace may not act.",
};

/** May this person do that? Deny by default; the first rule that fits decides. */
export function judge(policy: Policy, person: Person, deed: Deed): Judgement {
  const { namespace, cluster, name } = deed.workload;
  if (person.kind !== "member") return denied(NEVER[person.kind]);
  if (isProtected(policy, namespace))
    return denied(`The namespace "${namespace}" is protected: nothing in it is touched by anybody.`);
  const rule = policy.rules.find((one) => grants(one, person) && fits(one, deed));
  if (!rule) return denied(`No rule allows you to ${WHAT[deed.verb]} ${namespace}/${name} in ${cluster}.`);
  const approvals = rule.approvals ?? APPROVALS[deed.verb](deed);
  return {
    kind: "allowed",
    approvals,
    rule: rule.name,
    why: `The rule "${rule.name}" allows it${by(rule, person)}${reasonFor(approvals, rule, deed)}.`,
  };
}

/** Is it in a namespace that no policy opens? */
export function isProtected({ protectedNamespaces }: Policy, namespace: string): boolean {
  return protectedNamespaces.some((pattern) => matches(pattern, namespace));
}

/** Has this person been given anything at all? Who has may stop all acts, and judge suspects. */
export function mayAnything(policy: Policy, person: Person): boolean {
  return person.kind === "member" && (policy.breakGlass.includes(person.id) || policy.rules.some((rule) => grants(rule, person)));
}

/** The rules that speak for a person, as sentences. */
export function grantsOf(policy: Policy, person: Person): string[] {
  if (person.kind !== "member") return [NEVER[person.kind]];
  const given = policy.rules.filter((rule) => grants(rule, person)).map((rule) => describe(rule, person));
  const glass = policy.breakGlass.includes(person.id)
    ? ["You may break the glass: act against the rules, with a written reason, in front of everybody."]
    : [];
  return given.length + glass.length === 0 ? ["No rule allows you anything."] : [...given, ...glass];
}

function describe(rule: Rule, person: Person): string {
  const allowed = rule.allow.includes("*") ? "Every step" : rule.allow.join(", ");
  const how = rule.approvals === undefined ? "" : rule.approvals === 1 ? "; one person is enough" : "; two people each time";
  return `${allowed} on ${placeOf(rule)}: the rule "${rule.name}"${by(rule, person)}${how}.`;
}

/** `every workload of every cluster`, or the patterns as the policy has them. */
function placeOf({ clusters, namespaces, workloads }: Rule): string {
  const isAll = (patterns: readonly string[]) => patterns.includes("*");
  const names = [namespaces, workloads];
  const within = names.every(isAll) ? "every workload" : names.map((patterns) => patterns.join(", ")).join("/");
  return `${within} ${isAll(clusters) ? "of every cluster" : `in ${clusters.join(", ")}`}`;
}

function by(rule: Rule, person: Person): string {
  if (rule.users.includes(person.id)) return ", which names you";
  const group = rule.groups.find((id) => person.groups.includes(id));
  return group === undefined ? `, by your address at ${domainOf(person)}` : `, by the user group ${group}`;
}

function reasonFor(approvals: 1 | 2, { approvals: said }: Rule, { verb }: Deed): string {
  if (approvals === 1) return "; one person is enough";
  if (said !== undefined) return "; it asks for two people";
  return verb === "rollback" ? "; two people, since nobody knows that the code may go back without more ado" : "; two people";
}

function grants({ users, groups, domains }: Rule, person: Person): boolean {
  const domain = domainOf(person);
  return (
    users.includes(person.id) ||
    groups.some((id) => person.groups.includes(id)) ||
    (domain !== undefined && domains.includes(domain))
  );
}

function domainOf({ email }: Person): string | undefined {
  return email?.slice(email.lastIndexOf("@") + 1);
}

function fits({ allow, clusters, namespaces, workloads }: Rule, { verb, workload }: Deed): boolean {
  return (
    (allow.includes("*") || allow.includes(verb)) &&
    clusters.some((pattern) => matches(pattern, workload.cluster)) &&
    namespaces.some((pattern) => matches(pattern, workload.namespace)) &&
    workloads.some((pattern) => matches(pattern, workload.name))
  );
}

/** `*` stands for any characters; everything else for itself. Takes time in the product of both lengths at most. */
export function matches(pattern: string, name: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return pattern === name;
  const last = rest.pop() ?? "";
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from <= name.length - last.length;
}

function denied(why: string): Judgement {
  return { kind: "denied", why };
}
