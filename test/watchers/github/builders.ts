import { createHash } from "node:crypto";

/** 40 hex digits of a number. */
export function sha(number: number): string {
  return createHash("sha1").update(String(number)).digest("hex");
}

export function aPushedCommit(over: Record<string, unknown> = {}) {
  const id = sha(1);
  return {
    id,
    distinct: true,
    message: "fix: a thing",
    timestamp: "2026-03-04T02:00:00+01:00",
    url: `https://github.com/acme/shop/commit/${id}`,
    author: { name: "Ada Byron", email: "ada@example.com", username: "ada" },
    added: [],
    removed: [],
    modified: ["services/cart/cart.ts"],
    ...over,
  };
}

export function aPush(over: Record<string, unknown> = {}) {
  return {
    ref: "refs/heads/main",
    before: sha(0),
    after: sha(1),
    repository: { full_name: "acme/shop", default_branch: "main", extra: true },
    commits: [aPushedCommit()],
    ...over,
  };
}
