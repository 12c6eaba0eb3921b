import type { Identities, Identity } from "#domain/identity.ts";
import type { Person } from "#domain/policy.ts";

/** Who a person is in Kubernetes; undefined: nobody said. */
export function identityOf(
  { users, domains, groups }: Identities,
  { id, email }: Pick<Person, "id" | "email">,
): Identity | undefined {
  const named = users.find(({ slack }) => slack === id);
  if (named) return { user: named.user, groups: named.groups };
  const domain = email?.slice(email.lastIndexOf("@") + 1);
  return email !== undefined && domain !== undefined && domains.includes(domain) ? { user: email, groups } : undefined;
}
