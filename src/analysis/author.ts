import type { Author } from "#domain/change.ts";

/** Programs that commit. GitHub ends the login of an app with `[bot]`; the others are known by name. */
const bots =
  /\[bot\]$|^(dependabot|renovate|renovate-bot|snyk-bot|github-actions|mergify|greenkeeper|pre-commit-ci|web-flow|copilot)$/i;
const botAddresses =
  /\[bot\]@|^(bot@renovateapp\.com|renovate@whitesourcesoftware\.com|support@dependabot\.com|noreply@github\.com)$/i;

/** Is it a program that nobody can ask? */
export function isBot({ name, login, email }: Author): boolean {
  return bots.test(name.trim()) || bots.test(login ?? "") || botAddresses.test(email ?? "");
}

/** GitHub's addresses for those who show none: `1234+octocat@users.noreply.github.com`, and the older `octocat@...`. */
const hidden = /^(?:\d{1,12}\+)?([a-z\d-]{1,39})@users\.noreply\.github\.com$/i;

/** What the configuration may know an author by, in lower case: login, address, and the login in an address of GitHub's. */
export function namesOf({ login, email }: Pick<Author, "login" | "email">): readonly string[] {
  const inAddress = hidden.exec(email ?? "")?.[1];
  return [login, email, inAddress].flatMap((name) => (name ? [name.toLowerCase()] : []));
}

/** The address, where it can lead to a person. */
export function addressOf({ email }: Pick<Author, "email">): string | undefined {
  return email !== undefined && /^[^\s@]{1,100}@[^\s@]{1,150}$/.test(email) && !/noreply|no-reply/i.test(email)
    ? email.toLowerCase()
    : undefined;
}
