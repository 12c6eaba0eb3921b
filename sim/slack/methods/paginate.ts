import { asText } from "#sim/slack/json.ts";
import { SlackFailure } from "#sim/slack/failure.ts";
import type { Json } from "#sim/slack/types.ts";

/** One page of a list, and what a call says about the rest. */
export interface Page<T> {
  readonly page: readonly T[];
  readonly has_more: boolean;
  readonly response_metadata: { readonly next_cursor: string };
}

/** Cuts a list by `limit` and `cursor`; the cursor is the place where the next page starts. */
export function paginate<T>(all: readonly T[], args: Json, limits: { normal: number; most: number }): Page<T> {
  const limit = args.limit === undefined || args.limit === "" ? limits.normal : Number(args.limit);
  if (!Number.isInteger(limit) || limit < 1) throw new SlackFailure("invalid_limit");
  const from = args.cursor ? Number(Buffer.from(asText(args.cursor), "base64").toString().replace("at:", "")) : 0;
  if (!Number.isInteger(from)) throw new SlackFailure("invalid_cursor");
  const to = from + Math.min(limit, limits.most);
  const more = to < all.length;
  const cursor = more ? Buffer.from(`at:${to}`).toString("base64") : "";
  return { page: all.slice(from, to), has_more: more, response_metadata: { next_cursor: cursor } };
}
