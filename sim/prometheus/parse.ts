import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import { type AggregateName, BadQuery, type Expression, type Grouping, type RangeFunction, type Selector } from "./expression.ts";
import { parseDurationText } from "./durations.ts";
import { toMatcher, unquote } from "./labels.ts";

const longestQuery = 16_384;

/** PromQL text as an expression. Throws BadQuery for what is none, and for what this simulation does not evaluate. */
export function parseQuery(text: string): Expression {
  if (text.trim() === "") throw new BadQuery("unknown position: parse error: no expression found in input");
  if (text.length > longestQuery)
    throw new BadQuery(`unknown position: parse error: query longer than ${longestQuery} characters`);
  const tree = parser.parse(text);
  tree.iterate({
    enter: ({ type, from }) => {
      if (type.isError)
        throw failure(text, from, from >= text.length ? "unexpected end of input" : `unexpected ${JSON.stringify(text[from])}`);
    },
  });
  const top = tree.topNode.firstChild;
  if (!top) throw failure(text, 0, "no expression found in input");
  return toExpression({ text, node: top });
}

interface Place {
  readonly text: string;
  readonly node: SyntaxNode;
}

function failure(text: string, from: number, why: string): BadQuery {
  const lines = text.slice(0, from).split("\n");
  return new BadQuery(`${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}: parse error: ${why}`);
}

function sourceOf({ text, node }: Place): string {
  return text.slice(node.from, node.to);
}

function childrenOf({ text, node }: Place): Place[] {
  const children: Place[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push({ text, node: child });
  return children;
}

function childOf(place: Place, name: string): Place | undefined {
  return childrenOf(place).find(({ node }) => node.name === name);
}

function toExpression(place: Place): Expression {
  switch (place.node.name) {
    case "ParenExpr":
      return toExpression(only(place));
    case "NumberDurationLiteral":
      return { kind: "number", value: parseNumber(sourceOf(place)) };
    case "UnaryExpr":
      return toUnary(place);
    case "VectorSelector":
    case "OffsetExpr":
      return { kind: "select", selector: toSelector(place) };
    case "FunctionCall":
      return toCall(place);
    case "AggregateExpr":
      return toAggregate(place);
    case "BinaryExpr":
      return toBinary(place);
    default:
      throw unsupported(place);
  }
}

function unsupported(place: Place): BadQuery {
  return failure(place.text, place.node.from, `${place.node.name} is not supported by the simulated Prometheus`);
}

function only(place: Place): Place {
  const [child, ...rest] = childrenOf(place);
  if (!child || rest.length > 0) throw unsupported(place);
  return child;
}

function toUnary(place: Place): Expression {
  const [operator, of] = childrenOf(place);
  if (!operator || !of) throw unsupported(place);
  const value = toExpression(of);
  if (sourceOf(operator) === "+") return value;
  const minus: Expression = { kind: "number", value: -1 };
  return { kind: "binary", operator: "*", bool: false, matching: everything, left: minus, right: value };
}

function toSelector(place: Place): Selector {
  if (place.node.name === "OffsetExpr") {
    const [inner, , duration] = childrenOf(place);
    if (inner?.node.name !== "VectorSelector" || !duration) throw unsupported(place);
    return { ...toSelector(inner), offset: parseDuration(duration) };
  }
  if (place.node.name !== "VectorSelector") throw unsupported(place);
  const identifier = childOf(place, "Identifier");
  const list = childOf(place, "LabelMatchers");
  const matchers = (list ? childrenOf(list) : []).map(({ text, node }) => toMatcherAt({ text, node }));
  const named = matchers.find(({ label, negate }) => label === "__name__" && !negate);
  if (!identifier && !named) throw failure(place.text, place.node.from, "vector selector must contain a metric name");
  return { name: identifier && sourceOf(identifier), matchers, offset: 0 };
}

function toMatcherAt(place: Place) {
  const [label, operator, value] = childrenOf(place);
  if (!label || !operator || !value) throw unsupported(place);
  try {
    const name = label.node.name === "QuotedLabelName" ? unquote(sourceOf(label)) : sourceOf(label);
    return toMatcher(name, sourceOf(operator), unquote(sourceOf(value)));
  } catch (error) {
    throw failure(place.text, place.node.from, error instanceof Error ? error.message : String(error));
  }
}

function toCall(place: Place): Expression {
  const name = sourceOf(childOf(place, "FunctionIdentifier") ?? place);
  const body = childOf(place, "FunctionCallBody");
  if (name !== "rate" && name !== "increase")
    throw failure(place.text, place.node.from, `function ${name} is not supported by the simulated Prometheus`);
  const argument = body && only(body);
  if (argument?.node.name !== "MatrixSelector") {
    throw failure(place.text, place.node.from, `expected type range vector in call to function "${name}", got instant vector`);
  }
  const [inner, duration] = childrenOf(argument);
  if (!inner || !duration) throw unsupported(argument);
  const called: RangeFunction = name;
  return { kind: "range", function: called, selector: toSelector(inner), window: parseDuration(duration) };
}

const aggregates: readonly string[] = ["sum", "max", "min", "avg", "count"] satisfies AggregateName[];
const everything: Grouping = { keep: false, labels: [] };

function toAggregate(place: Place): Expression {
  const name = sourceOf(childOf(place, "AggregateOp") ?? place).toLowerCase();
  const body = childOf(place, "FunctionCallBody");
  if (!aggregates.includes(name) || !body)
    throw failure(place.text, place.node.from, `aggregation ${name} is not supported by the simulated Prometheus`);
  const modifier = childOf(place, "AggregateModifier");
  const grouping = modifier
    ? { keep: childOf(modifier, "By") !== undefined, labels: labelsOf(modifier) }
    : { keep: true, labels: [] };
  return { kind: "aggregate", name: name as AggregateName, grouping, of: toExpression(only(body)) };
}

function labelsOf(place: Place): string[] {
  const list = childOf(place, "GroupingLabels");
  return list
    ? childrenOf(list).map((label) => (label.node.name === "QuotedLabelName" ? unquote(sourceOf(label)) : sourceOf(label)))
    : [];
}

const operators: readonly string[] = ["+", "-", "*", "/", "%", "^", "==", "!=", ">", "<", ">=", "<="];

function toBinary(place: Place): Expression {
  const [left, sign, ...rest] = childrenOf(place);
  const right = rest.pop();
  if (!left || !sign || !right || !operators.includes(sourceOf(sign))) throw unsupported(sign ?? place);
  const odd = rest.find(({ node }) => node.name !== "BoolModifier" && node.name !== "MatchingModifierClause");
  if (odd) throw unsupported(odd);
  return {
    kind: "binary",
    operator: sourceOf(sign),
    bool: rest.some(({ node }) => node.name === "BoolModifier"),
    matching: toMatching(rest.find(({ node }) => node.name === "MatchingModifierClause")),
    left: toExpression(left),
    right: toExpression(right),
  };
}

function toMatching(clause: Place | undefined): Grouping {
  if (!clause) return everything;
  const many = childOf(clause, "GroupLeft") ?? childOf(clause, "GroupRight");
  if (many) throw unsupported(many);
  return { keep: childOf(clause, "On") !== undefined, labels: labelsOf(clause) };
}

function parseNumber(text: string): number {
  const plain = text.replaceAll("_", "");
  const special: Readonly<Record<string, number>> = { inf: Infinity, "+inf": Infinity, "-inf": -Infinity, nan: Number.NaN };
  const named = special[plain.toLowerCase()];
  if (named !== undefined) return named;
  const duration = parseDurationText(plain);
  return duration === undefined ? Number(plain) : duration / 1000;
}

function parseDuration(place: Place): number {
  const text = sourceOf(place);
  const ms = parseDurationText(text) ?? Number(text) * 1000;
  if (!(ms > 0)) throw failure(place.text, place.node.from, "duration must be greater than 0");
  return ms;
}
