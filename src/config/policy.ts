import { z } from "zod";
import { type Policy, verbs } from "#domain/policy.ts";

const name = z.string().trim().min(1).max(253);
const globs = z.array(name).min(1).default(["*"]);
const user = z.string().regex(/^[UW][A-Z0-9]{2,}$/, "must be a Slack user id such as U012ABCDEF");

const grantSchema = z
  .strictObject({
    users: z.array(user).default([]).describe("Slack user ids"),
    groups: z
      .array(z.string().regex(/^S[A-Z0-9]{2,}$/, "must be a Slack user group id such as S012ABCDEF"))
      .default([])
      .describe("Slack user group ids"),
    domains: z
      .array(
        z
          .string()
          .toLowerCase()
          .regex(/^[a-z0-9.-]+\.[a-z]{2,}$/, "must be a domain such as example.com"),
      )
      .default([])
      .describe("Domains of verified e-mail addresses"),
  })
  .refine(
    ({ users, groups, domains }) => users.length + groups.length + domains.length > 0,
    "must name users, groups or domains",
  );

const ruleSchema = z.strictObject({
  name: name.describe("How the rule is called in answers"),
  allow: z
    .array(z.enum(["*", ...verbs]))
    .min(1)
    .describe("What it allows; * is everything"),
  clusters: globs,
  namespaces: globs,
  workloads: globs,
  to: grantSchema.describe("Whom it allows that"),
  approvals: z
    .union([z.literal(1), z.literal(2)])
    .optional()
    .describe("How many people must approve; without it as many as the act asks for"),
});

/** Who may do what. */
export const policySchema = z.strictObject({
  rules: z
    .array(ruleSchema)
    .max(200)
    .default([])
    .describe("The first rule that fits decides; without one nobody may do anything"),
  breakGlass: z
    .array(user)
    .default([])
    .describe("People who may act against the rules, with a written reason, in front of everybody"),
  protectedNamespaces: z.array(name).default(["kube-system"]).describe("Namespaces in which nothing is ever touched"),
});

const kubernetesName = z.string().trim().min(1).max(253);

/** Who people are in Kubernetes. */
export const identitiesSchema = z.strictObject({
  users: z
    .array(
      z.strictObject({
        slack: user.describe("Slack user id"),
        user: kubernetesName.describe("Kubernetes user"),
        groups: z.array(kubernetesName).max(50).default([]).describe("Kubernetes groups"),
      }),
    )
    .max(2_000)
    .default([])
    .describe("People by Slack user id"),
  domains: z
    .array(z.string().toLowerCase().min(3))
    .default([])
    .describe("Everybody else with a verified address at one of these domains: the address is the Kubernetes user"),
  groups: z.array(kubernetesName).max(50).default([]).describe("Kubernetes groups of those"),
  impersonate: z.boolean().default(false).describe("Send acts in the name of who approved them last"),
});

/** The configuration's rules, after those that the short form `slack.approvers` stands for. */
export function policyOf(policy: z.infer<typeof policySchema>, approvers: readonly string[]): Policy {
  const any = ["*"] as const;
  const short = {
    name: "slack.approvers",
    allow: any,
    clusters: any,
    namespaces: any,
    workloads: any,
    users: approvers,
    groups: [],
    domains: [],
  };
  const rules = policy.rules.map(({ to, approvals, ...rule }) => ({
    ...rule,
    ...to,
    ...(approvals !== undefined && { approvals }),
  }));
  return { ...policy, rules: approvers.length > 0 ? [...rules, short] : rules };
}
