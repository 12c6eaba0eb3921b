import type { Identities } from "#domain/identity.ts";
import type { NoncePort, WhyPersonMayNot } from "#domain/ports/gate.ts";
import type { StepDocument } from "#domain/signed-step.ts";
import { isSigned, privateKeyFrom, signatureOf } from "#lib/signature.ts";

const key = privateKeyFrom("a secret of the tests");
let serial = 0;

/** What `serve` signs with. */
export const signing = {
  sign: (value: object) => signatureOf(value, key),
  isSigned: (value: object, signature: string) => isSigned(value, signature, key),
  nonce: () => `nonce-${(serial += 1)}`,
};

/** By what an agent knows it. */
export const verify = (document: StepDocument, signature: string) => isSigned(document, signature, key);

/** Lets everything begin: tests of the gate itself use a cluster. */
export const anyNonce: NoncePort = { beginStep: async () => "begun", endStep: async () => {} };

/** Kubernetes knows nobody, and so nobody is asked about. */
export const noIdentities: Identities = { users: [], domains: [], groups: [], impersonate: false };

/** Whoever is known may do all. */
export const anyPerson: WhyPersonMayNot = async () => undefined;
