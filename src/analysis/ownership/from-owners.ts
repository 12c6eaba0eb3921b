import type { OwnedDirectory } from "#domain/layout.ts";
import { type PathSource, guessOf, namesOf } from "./guess.ts";

/** What CODEOWNERS gives to the workload's team: the team that it names, or whose name is its own, or that owns a directory of its name. */
export const fromOwners: PathSource = (subject, { layout }) => {
  const owned = layout?.owned ?? [];
  if (owned.length === 0) return undefined;
  const names = namesOf(subject);
  const team = subject.team ? slugOf(subject.team) : undefined;
  const isOurs = ({ owners }: OwnedDirectory) => owners.some((owner) => slugOf(owner) === team || names.includes(slugOf(owner)));
  const ours = owned.filter(isOurs);
  const named = owned.filter(({ path }) => names.includes(lastOf(path)));
  const [owner = ""] = (ours[0] ?? named[0])?.owners ?? [];
  return (
    guessOf(
      [...ours, ...named].map(({ path }) => path),
      (listed) => `CODEOWNERS gives ${listed} to ${owner}`,
    ) ??
    guessOf(
      named.map(({ path }) => path),
      (listed) => `CODEOWNERS gives ${listed} to ${owner}`,
    )
  );
};

/** `cart` of `@acme/team-cart`, `@acme/cart-owners` and `cart@acme.example`. */
function slugOf(owner: string): string {
  const name = owner.startsWith("@") ? (owner.split("/").at(-1) ?? "") : (owner.split("@", 1)[0] ?? "");
  return name
    .replace(/^@/, "")
    .toLowerCase()
    .replace(/^(team|squad|service|svc)[-_]|[-_](team|squad|owners?|devs?|developers|maintainers|engineers|engineering)$/g, "");
}

function lastOf(path: string): string {
  return path.toLowerCase().split("/").at(-2) ?? "";
}
