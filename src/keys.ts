import { createPublicKey, type KeyObject } from "node:crypto";
import type { Environment } from "#app/config/environment.ts";
import { ConfigurationError, messageOf } from "#lib/errors.ts";
import { parsePrivateKey, parsePublicKey, privateKeyFrom } from "#lib/signature.ts";

/** What signs approved steps, and by what an agent knows them. */
export interface StepKeys {
  readonly signing: KeyObject;
  readonly verifying: KeyObject;
}

/**
 * The keys that the environment names. Without them both come from Slack's signing secret, which survives restarts and which Redis does not know: enough where
 * one process has all roles. Throws ConfigurationError.
 */
export function stepKeysOf(environment: Environment): StepKeys {
  const { K8S_WHY_SIGNING_KEY: signingPem, K8S_WHY_VERIFY_KEY: verifyPem, SLACK_SIGNING_SECRET: secret } = environment;
  const signing =
    signingPem === undefined ? privateKeyFrom(secret) : read("K8S_WHY_SIGNING_KEY", () => parsePrivateKey(signingPem));
  const verifying =
    verifyPem === undefined ? createPublicKey(signing) : read("K8S_WHY_VERIFY_KEY", () => parsePublicKey(verifyPem));
  return { signing, verifying };
}

function read(name: string, parse: () => KeyObject): KeyObject {
  try {
    return parse();
  } catch (error) {
    throw new ConfigurationError([
      `Environment variable ${name} is not an Ed25519 key in PEM: ${messageOf(error)}. "k8s-why keys" makes a pair.`,
    ]);
  }
}
