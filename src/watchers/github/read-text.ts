import type { GitHubClient } from "#clients/github/client.ts";
import { contentSchema, parseAnswer } from "./schema.ts";

/** A file's text at a branch or commit; undefined where GitHub does not know it. */
export async function readText(client: GitHubClient, repository: string, ref: string, path: string): Promise<string | undefined> {
  const answer = await client.get(repository, "/contents/{path}", { path, ref });
  if (answer.kind === "absent") return undefined;
  return Buffer.from(parseAnswer(contentSchema, answer.data, repository).content, "base64").toString("utf8");
}
