import type { AuditPort, ClusterPort, ExpectationPort } from "#domain/ports/store.ts";
import type { ExpectAnswer, ExpectRequest } from "#domain/ports/slack.ts";
import type { Expectation } from "#domain/expectation.ts";
import { type Instant, workloadKey } from "#domain/workload.ts";
import { findNamed } from "./explain.ts";

type Verbs = Pick<ClusterPort, "workloads"> &
  Pick<ExpectationPort, "saveExpectation" | "forgetExpectation" | "expectations"> &
  Pick<AuditPort, "audit"> & {
    readonly usualOf: (key: string) => Promise<number | undefined>;
  };

/** Without a number: what most launches and sales stay under, and still far below a runaway's height. */
const defaultTimes = 4;
const mostTimes = 100;
/** Who expects more for longer should raise the normal: it is learnt within a day. */
const longestMs = 14 * 24 * 3_600_000;

/** Records, for `/k8s-why expect`, that a workload will grow, or takes that back. Anybody may: it is said in the channel. */
export function createExpect({
  verbs,
  cluster,
  now,
}: {
  readonly verbs: Verbs;
  readonly cluster: string;
  readonly now: () => Instant;
}): (request: ExpectRequest) => Promise<ExpectAnswer> {
  return async ({ workload, what, user }) => {
    const named = findNamed(await verbs.workloads(cluster), workload);
    if (named.kind === "unknown") return named;
    const key = workloadKey(named.state.workload);
    const write = (text: string) =>
      verbs.audit({ at: now(), what: "expected", by: user, incidentId: "-", stepId: "-", on: key, text });
    if (what.kind === "off") {
      const was = (await verbs.expectations(cluster)).some((held) => held.workload === key);
      if (was) await write("nothing any more");
      await verbs.forgetExpectation(cluster, key);
      return { kind: "off", workload: key, was };
    }
    const expectation: Expectation = { workload: key, times: what.times ?? defaultTimes, at: now(), until: what.until, by: user };
    const refused = refusalOf(expectation);
    if (refused) return { kind: "refused", text: refused };
    // On record before it silences anything.
    await write(`x${expectation.times} until ${new Date(expectation.until).toISOString()}`);
    await verbs.saveExpectation(cluster, expectation);
    return { kind: "set", expectation, usual: await verbs.usualOf(key) };
  };
}

function refusalOf({ times, at, until }: Expectation): string | undefined {
  if (until <= at) return "That moment has passed already.";
  if (until - at > longestMs) return "An expectation holds for 14 days at most: what stays longer is learnt as normal anyway.";
  if (!(times > 1 && times <= mostTimes)) return `The factor must be above 1 and at most ${mostTimes}.`;
  return undefined;
}
