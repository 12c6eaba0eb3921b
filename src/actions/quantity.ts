const factors: Readonly<Record<string, number>> = {
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

/** A Kubernetes quantity as a number: `200m` is 0.2, `1Gi` is 1073741824. 0 where it is absent or unreadable. */
export function toNumber(quantity: string | undefined): number {
  const [, digits, suffix = ""] = /^([0-9.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(quantity ?? "") ?? [];
  const value = Number(digits) * (factors[suffix] ?? 0);
  return Number.isFinite(value) ? value : 0;
}
