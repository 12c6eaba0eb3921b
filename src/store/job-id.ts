import { createHash } from "node:crypto";

const longest = 200;

/**
 * A natural id as BullMQ takes it: it refuses `:` and integers, and its keys should stay short. Deterministic, and
 * different for different ids: what had to be changed carries a digest.
 */
export function toJobId(id: string): string {
  const safe = id.replaceAll(":", "@");
  if (safe === id && id.length <= longest && !/^\d*$/.test(id)) return id;
  return `${safe.slice(0, longest - 14)}-${createHash("sha256").update(id).digest("hex").slice(0, 12)}x`;
}
