/** Numbers written in millionths. */
const unit = 1_000_000;

/**
 * Rounds shares to millionths so that they still add up to 1: what rounding down leaves over goes to the largest remainders
 * (Hamilton's method). Shares are first scaled to a sum of 1; all zero: the last gets everything.
 */
export function roundShares(shares: readonly number[]): number[] {
  const clean = shares.map((share) => (Number.isFinite(share) && share > 0 ? share : 0));
  const sum = clean.reduce((total, share) => total + share, 0);
  if (sum === 0) return clean.map((_zero, index) => (index === clean.length - 1 ? 1 : 0));
  const exact = clean.map((share) => (share / sum) * unit);
  const whole = exact.map(Math.floor);
  const left = unit - whole.reduce((total, part) => total + part, 0);
  const byRemainder = exact.map((_part, index) => index).sort((a, b) => remainder(exact, b) - remainder(exact, a));
  for (const index of byRemainder.slice(0, left)) whole[index] = (whole[index] ?? 0) + 1;
  return whole.map((part) => part / unit);
}

function remainder(exact: readonly number[], index: number): number {
  const part = exact[index] ?? 0;
  return part - Math.floor(part);
}
