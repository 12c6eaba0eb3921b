/** Which repository and paths belong to a workload, and where that is known from. */
export interface Ownership {
  /** `owner/name` */
  readonly repository?: string;
  readonly branch?: string;
  /** Directory prefixes in the repository, e.g. `services/cart/`. */
  readonly paths: readonly string[];
  readonly from: "configuration" | "annotation" | "name" | "unknown";
}
