import type { WorkloadKey } from "./workload.ts";

/** What a name that somebody wrote leads to. */
export type Named =
  | {
      readonly kind: "found";
      readonly key: WorkloadKey;
      /** It was not written out: a part of it, or a typo. */
      readonly guessed: boolean;
    }
  /** Several fit; or none does, and these come near. By name. */
  | { readonly kind: "several" | "unknown"; readonly keys: readonly WorkloadKey[] };
