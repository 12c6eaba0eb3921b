import type { ActResult } from "#domain/order.ts";
import type { Identities } from "#domain/identity.ts";
import { identityOf } from "#analysis/identity.ts";
import type { Begun, NonceEntry, NoncePort, VerifyStep, WhyPersonMayNot } from "#domain/ports/gate.ts";
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

/** A no, and whether the step had begun before: then something may be changed, and it has to be ended. */
export interface No {
  readonly result: ActResult;
  readonly begun: boolean;
}

/**
 * The agent's own look at a step, before it touches anything: is it signed, for this cluster, in time, allowed by its own policy, not stopped, and not used
 * before? Undefined: it may be carried out. Throws TemporaryError while somebody who has to be asked is away: a step that nobody can judge is not done.
 */
export async function whyNotCarryOut(options: GateOptions, { document, signature }: SignedStep): Promise<No | undefined> {
  const { verbs, cluster, now } = options;
  // First of all: what is not signed, or not for us, is not looked up in the cluster.
  if (!verbs.verify(document, signature))
    return untouched("It is not signed by the key that this agent trusts. Nothing was changed. Press again.");
  const foreign = whyNotOurs(document, cluster);
  if (foreign !== undefined) return untouched(`${foreign} Nothing was changed.`);
  const why = await whyNotAnyMore(options, document);
  const late = whyNotNow(document, now());
  const begun = await beginStep(verbs, entryOf(document), why !== undefined || late !== undefined);
  if (begun === "over")
    return halfway({ kind: "stale", text: "It had begun and could not be finished in time: look at what is there." });
  if (why === undefined) return noOf(begun, late);
  if (begun !== "again") return untouched(`${why} Nothing was changed.`);
  return halfway({ kind: "refused", text: `${why} It had begun before that: look at what is there.` });
}

/** What may change between an approval and a run, or between two runs. */
async function whyNotAnyMore(options: GateOptions, document: SignedStep["document"]): Promise<string | undefined> {
  const no = whyNotAllowed(options.policy, document) ?? (await whyPeopleMayNot(options, document));
  if (no !== undefined) return no;
  if (await options.verbs.findStop()) return "All acts were stopped.";
  return undefined;
}

/** Asks the API server about everybody who approved it and whom it knows. */
async function whyPeopleMayNot(
  { verbs, identities }: GateOptions,
  { order, approvers }: SignedStep["document"],
): Promise<string | undefined> {
  for (const person of approvers) {
    const identity = identityOf(identities, person);
    const no = identity && (await verbs.whyPersonMayNot(identity, order.kind, order.workload).catch(cannotAsk));
    if (no !== undefined) return no;
  }
  return undefined;
}

/** Who is away is asked again; who cannot be asked has not allowed it. */
function cannotAsk(error: unknown): string {
  if (error instanceof TemporaryError) throw error;
  return `Nobody can tell what Kubernetes allows who approved it: ${messageOf(error)}.`;
}

function entryOf(document: SignedStep["document"]): NonceEntry {
  const { nonce, expiresAt, order } = document;
  const until = expiresAt + CLOCK_SKEW_MS + longestActMs;
  return { nonce, digest: digestOf(document), workload: workloadKey(order.workload), until };
}

function noOf(begun: Exclude<Begun, "over"> | "late", late: ActResult | undefined): No | undefined {
  switch (begun) {
    case "begun":
    case "again":
      return undefined;
    case "used":
      return untouched("This approval was used already. Nothing was changed.");
    case "busy":
      return untouched("Another step is under way for this workload: one at a time. Nothing was changed.");
    case "late":
      return late ? { result: late, begun: false } : untouched("It is too late.");
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

function untouched(text: string): No {
  return { result: { kind: "refused", text }, begun: false };
}

/** Whoever had it was killed: nobody knows how far it came. */
function halfway(result: Extract<ActResult, { readonly partly?: boolean }>): No {
  return { result: { ...result, partly: true }, begun: true };
}
