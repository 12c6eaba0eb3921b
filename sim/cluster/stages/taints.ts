import type { PodSpec, Taint } from "./kinds.ts";

/** Taints that keep a pod off a node, as the scheduler's TaintToleration plugin reads them. */
const keepsOff: ReadonlySet<string> = new Set(["NoSchedule", "NoExecute"]);

/** May a pod with these tolerations be put onto a node with these taints? */
export function toleratesAll(tolerations: PodSpec["tolerations"] = [], taints: readonly Taint[] = []): boolean {
  const inTheWay = taints.filter(({ effect }) => keepsOff.has(effect));
  return inTheWay.every((taint) => tolerations.some((toleration) => tolerates(toleration, taint)));
}

function tolerates({ key, operator, value, effect }: NonNullable<PodSpec["tolerations"]>[number], taint: Taint): boolean {
  if (effect && effect !== taint.effect) return false;
  if (operator === "Exists") return !key || key === taint.key;
  return key === taint.key && (value ?? "") === (taint.value ?? "");
}
