import type { FollowAnswer, FollowRequest, FollowerPort, QuietPort } from "#domain/ports/quiet.ts";
import type { ClusterPort } from "#domain/ports/store.ts";
import type { Follower } from "#domain/quiet.ts";
import { readMeant } from "./meant.ts";
import type { Enqueue } from "./jobs.ts";

export interface FollowOptions {
  readonly verbs: Pick<FollowerPort, "findFollower" | "saveFollower"> &
    Pick<ClusterPort, "workloads"> & { readonly enqueue: Enqueue };
  readonly cluster: string;
}

/** Each incident looks at all of everybody. */
const mostPatterns = 20;

/** What a person wants to be told of in direct messages, and when not. */
export function createFollows(
  options: FollowOptions,
): Pick<QuietPort, "subscribe" | "unsubscribe" | "subscriptions" | "keepQuiet"> {
  const { verbs } = options;
  return {
    subscribe: (request) => subscribe(options, request),
    unsubscribe: (request) => unsubscribe(options, request),
    subscriptions: (user) => verbs.findFollower(user),
    keepQuiet: async (user, quiet) => {
      await verbs.saveFollower({ ...(await find(options, user)), quiet });
      // What waits for the end of other hours may be due now.
      await verbs.enqueue("digest", { user }, { id: `digest/${user}`, coalesce: true });
    },
  };
}

async function find({ verbs }: FollowOptions, user: string): Promise<Follower> {
  return (await verbs.findFollower(user)) ?? { user, patterns: [] };
}

async function subscribe(options: FollowOptions, { workload, user }: FollowRequest): Promise<FollowAnswer> {
  const meant = await readMeant(options, workload);
  if (meant.kind !== "meant") return meant;
  const follower = await find(options, user);
  const patterns = [...new Set([...follower.patterns, meant.pattern])];
  if (patterns.length > mostPatterns)
    return { kind: "refused", text: `You follow ${mostPatterns} already, which is the most: one pattern can stand for many.` };
  await options.verbs.saveFollower({ ...follower, patterns });
  return { kind: "follows", pattern: meant.pattern, workloads: meant.workloads };
}

/** Also of a workload that is gone, by what it is called in the list. */
async function unsubscribe(options: FollowOptions, { workload, user }: FollowRequest): Promise<FollowAnswer> {
  const meant = await readMeant(options, workload);
  const follower = await find(options, user);
  const names = [workload, ...(meant.kind === "meant" ? [meant.pattern] : [])];
  const pattern = follower.patterns.find((one) => names.includes(one));
  if (pattern === undefined) return meant.kind === "meant" ? { kind: "unfollows", pattern: meant.pattern, was: false } : meant;
  await options.verbs.saveFollower({ ...follower, patterns: follower.patterns.filter((one) => one !== pattern) });
  return { kind: "unfollows", pattern, was: true };
}
