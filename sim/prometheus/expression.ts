/** How a label is compared. Regular expressions are anchored, as Prometheus has them. */
export interface Matcher {
  readonly label: string;
  readonly negate: boolean;
  readonly matches: (value: string) => boolean;
}

/** Which series, and how long before the evaluated time (milliseconds). */
export interface Selector {
  readonly name: string | undefined;
  readonly matchers: readonly Matcher[];
  readonly offset: number;
}

/** The aggregations that are understood. */
export type AggregateName = "sum" | "max" | "min" | "avg" | "count";

/** The functions over a range that are understood. */
export type RangeFunction = "rate" | "increase";

/** Labels to keep, or to leave out. */
export interface Grouping {
  readonly keep: boolean;
  readonly labels: readonly string[];
}

/** PromQL that this simulation evaluates. */
export type Expression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "select"; readonly selector: Selector }
  | { readonly kind: "range"; readonly function: RangeFunction; readonly selector: Selector; readonly window: number }
  | { readonly kind: "aggregate"; readonly name: AggregateName; readonly grouping: Grouping; readonly of: Expression }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly bool: boolean;
      readonly matching: Grouping;
      readonly left: Expression;
      readonly right: Expression;
    };

/** What Prometheus answers with 400 and `bad_data`. */
export class BadQuery extends Error {
  constructor(message: string) {
    super(message);
    this.name = "BadQuery";
  }
}
