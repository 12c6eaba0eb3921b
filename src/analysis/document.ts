import type { ActResult } from "#domain/order.ts";
import { APPROVAL_MS, CLOCK_SKEW_MS, type StepDocument } from "#domain/signed-step.ts";
import type { Person, Policy } from "#domain/policy.ts";
import type { Instant } from "#domain/workload.ts";
import { isProtected, judge } from "./policy.ts";

/** Why a document that is signed by the right key is not for this agent, or does not name its approvers; undefined: it is. The hands see that order and intent mean the same. */
export function whyNotOurs({ cluster, order, approval, approvers }: StepDocument, own: string): string | undefined {
  if (cluster !== own || order.workload.cluster !== own)
    return `It is for the cluster "${cluster}", and this agent acts in "${own}".`;
  const named = [approval.by, ...(approval.second === undefined ? [] : [approval.second])];
  return approvers.map(({ id }) => id).join(" ") === named.join(" ") ? undefined : "It does not say who its approvers are.";
}

/** Is it too old, or from a clock that runs ahead? Both clocks may be off by ten minutes. */
export function whyNotNow({ approval, expiresAt }: StepDocument, now: Instant): ActResult | undefined {
  if (approval.at > now + CLOCK_SKEW_MS)
    return {
      kind: "refused",
      text: "It was approved in the future: the clocks of serve and agent differ by more than ten minutes.",
    };
  if (expiresAt > approval.at + APPROVAL_MS)
    return { kind: "refused", text: "It says that it is good for longer than 15 minutes." };
  if (now <= expiresAt + CLOCK_SKEW_MS) return undefined;
  return {
    kind: "stale",
    text: "It could not be carried out within 15 minutes of the approval. Press again if it is still wanted.",
  };
}

/** Why the agent's own policy does not let these people do that; undefined: it does. The second of two is somebody else. */
export function whyNotAllowed(policy: Policy, { order, approval, approvers }: StepDocument): string | undefined {
  const { namespace } = order.workload;
  if (isProtected(policy, namespace))
    return `The namespace "${namespace}" is protected here: nothing in it is touched by anybody.`;
  if (approval.breakGlass !== undefined) return whyNotGlass(policy, approvers);
  // What the search said of the schema is attested by nobody: where it matters, the agent takes what its rule says.
  const judged = approvers.map((person) => judge(policy, person, { verb: order.kind, workload: order.workload, isSafe: true }));
  const denied = judged.find((one) => one.kind === "denied");
  if (denied) return `The policy of the agent says no. ${denied.why}`;
  const needed = Math.max(...judged.map((one) => (one.kind === "allowed" ? one.approvals : 2)));
  const people = new Set(approvers.map(({ id }) => id)).size;
  return people >= needed
    ? undefined
    : `The policy of the agent asks for ${needed} different people, and it has the yes of ${people}.`;
}

function whyNotGlass({ breakGlass }: Policy, approvers: readonly Person[]): string | undefined {
  const one = approvers.length === 1 ? approvers[0] : undefined;
  return one?.kind === "member" && breakGlass.includes(one.id)
    ? undefined
    : "The policy of the agent names nobody who approved it among those who may break the glass.";
}
