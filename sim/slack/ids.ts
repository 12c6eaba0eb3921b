import { randomBytes } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** An id as Slack makes them: a letter or two and ten capitals and digits. */
export function createId(prefix: string): string {
  return prefix + Array.from(randomBytes(10), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}

/** Makes `ts` values: seconds of the wall clock with six digits, each later than the one before. */
export function createTimestamps(wallNow: () => number): () => string {
  let last = 0;
  return () => {
    const micros = Math.max(Math.floor(wallNow() * 1000), last + 1);
    last = micros;
    return `${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, "0")}`;
  };
}

/** Five random characters, for block ids that the program left out. */
export function createBlockId(): string {
  return randomBytes(4).toString("base64url").slice(0, 5);
}
