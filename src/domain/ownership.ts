/** Which repository and paths belong to a workload, and where that is known from. */
export interface Ownership {
  /** `owner/name` */
  readonly repository?: string;
  readonly branch?: string;
  /** Directory prefixes in the repository, e.g. `services/cart/`. */
  readonly paths: readonly string[];
  /** Directories besides its own that its build copies in; absent where nobody knows. */
  readonly imports?: readonly string[];
  /**
   * Most reliable first: said by people; told by what builds and deploys the image; CODEOWNERS; what its earlier rollouts had in
   * common; a directory of its own name.
   */
  readonly from: "configuration" | "annotation" | "layout" | "codeowners" | "history" | "name" | "unknown";
  /** Where it is known from, in words for a person; without a full stop. */
  readonly why?: string;
}
