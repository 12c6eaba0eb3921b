const suffixes: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** Kubernetes' quantity (`3920m`, `4`, `1.5`, `2e3`) as a number; undefined when it is none. */
export function findQuantity(text: string | undefined): number | undefined {
  const match = /^([+-]?\d*\.?\d+(?:[eE][+-]?\d+)?)([a-zA-Z]{0,2})$/.exec(text ?? "");
  const factor = suffixes[match?.[2] ?? ""];
  return match && factor !== undefined ? Number(match[1]) * factor : undefined;
}

/** `25%` of `whole`, or an absolute number. Surge rounds up and unavailable down, as the Deployment controller does. */
export function resolvePercent(value: number | string | undefined, whole: number, round: "up" | "down"): number {
  if (typeof value === "number") return value;
  const percent = /^(\d{1,9})%$/.exec(value ?? "25%");
  if (!percent) return Number(value) || 0;
  const exact = (Number(percent[1]) * whole) / 100;
  return round === "up" ? Math.ceil(exact) : Math.floor(exact);
}

/** RFC 3339 as a moment; undefined when it is none. */
export function findInstant(text: string | null | undefined): number | undefined {
  const at = Date.parse(text ?? "");
  return Number.isFinite(at) ? at : undefined;
}
