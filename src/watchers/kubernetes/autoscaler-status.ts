/** Where Cluster Autoscaler writes how it is. */
export const STATUS_NAMESPACE = "kube-system";
export const STATUS_NAME = "cluster-autoscaler-status";

const MAX_TEXT = 100_000;
const MAX_MESSAGE = 200;

/**
 * What Cluster Autoscaler says is wrong with itself, or undefined. Its status is YAML since 1.30 and lines of text before
 * (cluster-autoscaler/clusterstate/api and utils); both are read for the two words that matter, without a parser. Pure.
 */
export function findAutoscalerProblem(status: string | undefined): string | undefined {
  const text = (status ?? "").slice(0, MAX_TEXT);
  // A group that backs off has failed to grow; the whole names no group.
  if (/^\s*status: Backoff\s*$/m.test(text)) return `a node group backs off${detailOf(text)}`;
  const group = /^\s+Name:\s+(\S+)[\s\S]{0,1000}?ScaleUp:\s+Backoff/m.exec(text)?.[1];
  if (group !== undefined) return `node group ${group.slice(0, 100)} backs off`;
  const unwell =
    /^\s*Health:\s+Unhealthy/m.test(text) || /clusterWide:\s*\n\s+health:[\s\S]{0,600}?\n\s+status: Unhealthy/.test(text);
  return unwell ? "it calls the cluster unhealthy, and adds no node until that ends" : undefined;
}

function detailOf(text: string): string {
  const code = /^\s*errorCode: (.+)$/m.exec(text)?.[1];
  const message = /^\s*errorMessage: (.+)$/m.exec(text)?.[1];
  const detail = [code, message].filter((part) => part !== undefined).join(": ");
  return detail === "" ? "" : ` (${detail.slice(0, MAX_MESSAGE)})`;
}
