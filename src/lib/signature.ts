import { createPrivateKey, createPublicKey, generateKeyPairSync, hkdfSync, type KeyObject, sign, verify } from "node:crypto";
import { digestOf } from "./digest.ts";

/** PKCS #8 of an Ed25519 key, up to its 32 bytes (RFC 8410). */
const pkcs8 = Buffer.from("302e020100300506032b657004220420", "hex");

/** A private key from PEM; throws a sentence where it is no Ed25519 key. */
export function parsePrivateKey(pem: string): KeyObject {
  return expectEd25519(createPrivateKey(unescaped(pem)));
}

/** A public key from PEM; throws a sentence where it is no Ed25519 key. */
export function parsePublicKey(pem: string): KeyObject {
  return expectEd25519(createPublicKey(unescaped(pem)));
}

/** The key that a secret stands for: the same after each restart, and known to nobody who does not know the secret. */
export function privateKeyFrom(secret: string): KeyObject {
  const seed = Buffer.from(hkdfSync("sha256", secret, "k8s-why", "signed steps", 32));
  return createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: "der", type: "pkcs8" });
}

/** A new pair, as PEM. */
export function createKeyPair(): { readonly privateKey: string; readonly publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    privateKey: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    publicKey: publicKey.export({ format: "pem", type: "spki" }).toString(),
  };
}

/** Ed25519 over the digest of a value as JSON with sorted keys; base64. */
export function signatureOf(value: object, key: KeyObject): string {
  return sign(null, Buffer.from(digestOf(value)), key).toString("base64");
}

/** Was it signed with the private key behind this public (or private) one? */
export function isSigned(value: object, signature: string, key: KeyObject): boolean {
  return verify(null, Buffer.from(digestOf(value)), key, Buffer.from(signature, "base64"));
}

/** Environment variables hold line ends as `\n`. */
function unescaped(pem: string): string {
  return pem.replaceAll(String.raw`\n`, "\n");
}

function expectEd25519(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== "ed25519") throw new Error(`expected an Ed25519 key, got ${key.asymmetricKeyType}`);
  return key;
}
