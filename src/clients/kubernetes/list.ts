import { TemporaryError } from "#lib/errors.ts";
import { callKube, failureOf } from "./answer.ts";
import type { KubeConnection, KubeRequest } from "./connection.ts";

/** Objects a page; more means larger peaks in memory on both sides. */
const PAGE = 500;

interface ListBody {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly unknown[] | null;
}

/** `expired`: the pages took longer than the server remembers; start again, and forget what was handed over. */
export type ListResult = { readonly kind: "listed"; readonly resourceVersion: string } | { readonly kind: "expired" };

/** Reads a list page by page and hands over each object. The resourceVersion is where a watch goes on. */
export async function listPages(
  connection: KubeConnection,
  request: Pick<KubeRequest, "path" | "query" | "signal">,
  take: (item: unknown) => void,
  pageSize = PAGE,
): Promise<ListResult> {
  let next: string | undefined;
  do {
    const page = await readPage(connection, { ...request, query: { ...request.query, limit: pageSize, continue: next } });
    if (!page) return { kind: "expired" };
    page.items?.forEach((item) => take(item));
    next = page.metadata?.continue;
    if (!next) return { kind: "listed", resourceVersion: page.metadata?.resourceVersion ?? "" };
  } while (!request.signal?.aborted);
  throw new TemporaryError(`Cannot list ${request.path}: aborted`);
}

async function readPage(connection: KubeConnection, request: KubeRequest): Promise<ListBody | undefined> {
  const answer = await callKube(connection, request);
  if (answer.code === 410 && request.query?.["continue"]) return undefined;
  if (answer.code >= 300) throw failureOf(request, answer);
  return answer.body as ListBody;
}

/** A whole list, for small ones; or a projection of each, without those that are none. Starts again up to three times when the pages expire. */
export async function listAll<T>(
  connection: KubeConnection,
  path: string,
  query: KubeRequest["query"] = {},
  project: (raw: unknown) => T | undefined = (raw) => raw as T,
): Promise<T[]> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const items: T[] = [];
    const result = await listPages(connection, { path, query }, (raw) => {
      const item = project(raw);
      if (item !== undefined) items.push(item);
    });
    if (result.kind === "listed") return items;
  }
  throw new TemporaryError(`Cannot list ${path}: the pages expired three times`);
}
