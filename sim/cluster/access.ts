import { StatusError, forbidden } from "./status-error.ts";
import { asFields } from "./call.ts";
import { qualifiedName } from "./resources.ts";
import type { Answer, Target } from "./call.ts";

/** As a rule of a ClusterRole reads, so that a manifest's rules can be handed in; `namespaces` stands for its RoleBindings. */
interface AccessRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  /** With subresources: `deployments/scale`. */
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  /** Everywhere without it. */
  readonly namespaces?: readonly string[];
}

/** A bearer token and what its user may do: everything without rules. */
export interface AccessToken {
  readonly token: string;
  readonly user: string;
  readonly rules?: readonly AccessRule[];
}

/** Who calls. */
export interface Caller {
  readonly user: string;
  readonly rules?: readonly AccessRule[];
}

/** One question about a right. Empty fields stand for "none". */
export interface Attributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** Who may do what. */
export interface Access {
  /** Throws 401 for a token that is not known. Without configured tokens everyone is an administrator. */
  authenticate(authorization: string | undefined): Caller;
  isAllowed(caller: Caller, asked: Attributes): boolean;
  /** A user as an access review names it; nobody knows a stranger, so nothing is allowed to it once tokens are configured. */
  callerNamed(user: string): Caller;
}

const administrator: Caller = { user: "kubernetes-admin" };

/** Access by tokens; open when there are none. */
export function createAccess(tokens: readonly AccessToken[] = []): Access {
  return {
    authenticate(authorization) {
      if (tokens.length === 0) return administrator;
      if (authorization === undefined) return { user: "system:anonymous", rules: [] };
      const given = /^Bearer (.+)$/i.exec(authorization)?.[1];
      const found = tokens.find(({ token }) => token === given);
      if (!found) throw new StatusError(401, "Unauthorized", "Unauthorized");
      return found;
    },
    isAllowed: ({ rules }, asked) => !rules || rules.some((rule) => covers(rule, asked)),
    callerNamed: (user) => tokens.find((token) => token.user === user) ?? (tokens.length === 0 ? { user } : { user, rules: [] }),
  };
}

function covers(rule: AccessRule, asked: Attributes): boolean {
  const has = (values: readonly string[], value: string) => values.includes("*") || values.includes(value);
  const resource = asked.subresource ? `${asked.resource}/${asked.subresource}` : asked.resource;
  return (
    has(rule.verbs, asked.verb) &&
    has(rule.apiGroups, asked.group) &&
    has(rule.resources, resource) &&
    (!rule.resourceNames || rule.resourceNames.includes(asked.name)) &&
    (!rule.namespaces || has(rule.namespaces, asked.namespace))
  );
}

const verbsOf: Readonly<Record<string, readonly [one: string, many: string]>> = {
  GET: ["get", "list"],
  POST: ["create", "create"],
  PUT: ["update", "update"],
  PATCH: ["patch", "patch"],
  DELETE: ["delete", "deletecollection"],
};

/** What a request asks for. */
export function toAttributes(
  method: string,
  { resource, namespace = "", name = "", subresource = "" }: Target,
  watch: boolean,
): Attributes {
  const [one = "", many = ""] = verbsOf[method] ?? [];
  const verb = watch && method === "GET" ? "watch" : name ? one : many;
  return { verb, group: resource.group, resource: resource.plural, subresource, namespace, name };
}

/** 403, as the API server words it. */
export function refuse({ user }: Caller, asked: Attributes, { resource, name }: Target): StatusError {
  const place = asked.namespace ? `in the namespace "${asked.namespace}"` : "at the cluster scope";
  const what = `cannot ${asked.verb} resource "${[asked.resource, asked.subresource].filter(Boolean).join("/")}" in API group "${asked.group}" ${place}`;
  const subject = name ? `${qualifiedName(resource)} "${name}"` : qualifiedName(resource);
  return forbidden(`${subject} is forbidden: User "${user}" ${what}`, { ...(name ? { name } : {}), kind: resource.plural });
}

/** Answers a SelfSubjectAccessReview or a SubjectAccessReview. */
export function review(
  kind: "SelfSubjectAccessReview" | "SubjectAccessReview",
  body: unknown,
  caller: Caller,
  access: Access,
): Answer {
  const spec = asFields(asFields(body)["spec"]);
  const { resourceAttributes, nonResourceAttributes, user } = spec;
  if (!resourceAttributes === !nonResourceAttributes) {
    throw wrong(
      "spec.resourceAttributes",
      "Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified",
    );
  }
  if (kind === "SubjectAccessReview" && !user && !spec["groups"]) {
    throw wrong("spec.user", 'Invalid value: "": at least one of user or group must be specified');
  }
  const subject = kind === "SelfSubjectAccessReview" ? caller : access.callerNamed(textOf(user));
  const fields = asFields(resourceAttributes);
  const read = (key: string) => textOf(fields[key]);
  const asked = {
    verb: read("verb"),
    group: read("group"),
    resource: read("resource"),
    subresource: read("subresource"),
    namespace: read("namespace"),
    name: read("name"),
  };
  const status = { allowed: access.isAllowed(subject, asked) };
  return { code: 201, body: { kind, apiVersion: "authorization.k8s.io/v1", metadata: {}, spec, status } };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function wrong(field: string, message: string): StatusError {
  const causes = [{ reason: "FieldValueInvalid", message, field }];
  return new StatusError(422, "Invalid", `.authorization.k8s.io "" is invalid: ${field}: ${message}`, {
    group: "authorization.k8s.io",
    causes,
  });
}
