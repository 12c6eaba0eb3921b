/** A guarantee, the check that gives it, and the test that must fail once that check is gone. */
export interface Mutation {
  readonly guarantee: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly check: string;
  /** What stands there instead; nothing, where it is left out. */
  readonly without?: string;
  readonly test: { readonly file: string; readonly name: string };
}

/** A check that decides nothing any more: the condition of an `if` becomes false. */
export function never(file: string, condition: string): Pick<Mutation, "file" | "check" | "without"> {
  return { file, check: `if (${condition})`, without: `if (false && (${condition}))` };
}
