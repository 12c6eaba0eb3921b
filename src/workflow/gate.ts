import type { ActResult } from "#domain/order.ts";
import type { Identities } from "#domain/identity.ts";
import { identityOf } from "#analysis/identity.ts";
import type { NoncePort, VerifyStep, WhyPersonMayNot } from "#domain/ports/gate.ts";
import { CLOCK_SKEW_MS, type SignedStep } from "#domain/signed-step.ts";
import { type Instant, workloadKey } from "#domain/workload.ts";
import type { Policy } from "#domain/policy.ts";
import type { StopPort } from "#domain/ports/store.ts";
import { whyNotAllowed, whyNotNow, whyNotOurs } from "#analysis/document.ts";
import { TemporaryError, messageOf } from "#lib/errors.ts";
import { digestOf } from "#lib/digest.ts";

export interface GateOptions {
  readonly verbs: Pick<StopPort, "findStop"> &
    NoncePort & { readonly verify: VerifyStep; readonly whyPersonMayNot: WhyPersonMayNot };
  /** Which people Kubernetes knows, and as whom. */
  readonly identities: Identities;
  /** This agent's cluster. */
  readonly cluster: string;
  /** As it is mounted beside the agent, whatever `serve` was told. */
  readonly policy: Policy;
  readonly now: () => Instant;
}

/** The longest act; a document is remembered until none that was begun in time can still be under way. */
const longestActMs = 45 * 60_000;

/**
 * The agent's own look at a step, before it touches anything: is it signed, for this cluster, in time, allowed by its own policy, not stopped, and not used
 * before? Undefined: it may be carried out. Throws TemporaryError while somebody who has to be asked is away: a step that nobody can judge is not done.
 */
export async function whyNotCarryOut(options: GateOptions, { document, signature }: SignedStep): Promise<ActResult | undefined> {
  const { verbs, cluster, policy, now } = options;
  if (!verbs.verify(document, signature))
    return refused("It is not signed by the key that this agent trusts. Nothing was changed. Press again.");
  const no = whyNotOurs(document, cluster) ?? whyNotAllowed(policy, document);
  if (no !== undefined) return refused(`${no} Nothing was changed.`);
  const unknown = await whyPeopleMayNot(options, document);
  if (unknown !== undefined) return refused(`${unknown} Nothing was changed.`);
  if (await verbs.findStop()) return refused("All acts were stopped before it began. Nothing was changed.");
  return begin(options, document, whyNotNow(document, now()));
}

/** Asks the API server about everybody who approved it and whom it knows. */
async function whyPeopleMayNot(
  { verbs, identities }: GateOptions,
  { order, approvers }: SignedStep["document"],
): Promise<string | undefined> {
  for (const person of approvers) {
    const identity = identityOf(identities, person);
    const no = identity && (await verbs.whyPersonMayNot(identity, order.kind, order.workload));
    if (no !== undefined) return no;
  }
  return undefined;
}

async function begin(
  { verbs }: GateOptions,
  document: SignedStep["document"],
  late: ActResult | undefined,
): Promise<ActResult | undefined> {
  const { nonce, expiresAt, order } = document;
  const until = expiresAt + CLOCK_SKEW_MS + longestActMs;
  const entry = { nonce, digest: digestOf(document), workload: workloadKey(order.workload), until };
  switch (await beginStep(verbs, entry, late !== undefined)) {
    case "begun":
    case "again":
      return undefined;
    case "used":
      return refused("This approval was used already. Nothing was changed.");
    case "busy":
      return refused("Another step is under way for this workload: one at a time. Nothing was changed.");
    case "late":
      return late ?? refused("It is too late.");
  }
}

/** A right that is missing is said; who is away is asked again. */
async function beginStep(verbs: GateOptions["verbs"], ...asked: Parameters<NoncePort["beginStep"]>) {
  try {
    return await verbs.beginStep(...asked);
  } catch (error) {
    if (error instanceof TemporaryError) throw error;
    throw new Error(`The agent cannot remember in its own cluster what it was told, so it does nothing: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function refused(text: string): ActResult {
  return { kind: "refused", text };
}
