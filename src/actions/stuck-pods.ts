import { listPods } from "#clients/kubernetes/api.ts";
import { messageOf } from "#lib/errors.ts";
import { type ActionContext, counted } from "./action.ts";
import { type History, type Revision, toLabelSelector } from "./history.ts";
import { ofKind } from "./surge.ts";

/**
 * Pods of a StatefulSet that hold its rollback up: with OrderedReady the controller waits for a pod that does not get ready, and does not
 * replace it although its template is gone (kubernetes#67250). They are deleted by hand. Empty where they cannot be listed.
 */
export async function readStuckPods({ connection, log }: ActionContext, history: History, target: Revision): Promise<string[]> {
  const of = ofKind(history.kind, history.workload);
  if (of.kind !== "StatefulSet" || of.workload.spec.podManagementPolicy === "Parallel") return [];
  const { metadata, spec } = of.workload;
  try {
    const pods = await listPods(connection, metadata.namespace, toLabelSelector(spec.selector));
    return pods
      .filter(({ metadata: { ownerReferences = [] } }) => ownerReferences.some(({ uid }) => uid === metadata.uid))
      .filter(
        ({ metadata: { labels = {}, deletionTimestamp } }) =>
          deletionTimestamp === undefined && labels["controller-revision-hash"] !== target.templateHash,
      )
      .filter(({ status }) => !status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"))
      .map((pod) => pod.metadata.name);
  } catch (error) {
    log.info({ reason: messageOf(error) }, "Pods that may hold a rollback up are not known");
    return [];
  }
}

/** So many are named: a command that is cut would be worse. */
const named = 3;

/** The command that frees them; a sentence, or none. */
export function stuckSentences(namespace: string, pods: readonly string[]): string[] {
  if (pods.length === 0) return [];
  const which =
    pods.length === 1 ? `${pods[0]} is not ready, and holds` : `${counted(pods.length, "pod")} are not ready, and hold`;
  const rest = pods.length > named ? ", and the others after these" : "";
  return [
    `${which} the rollback up until deleted by hand, also after the press (kubernetes#67250): kubectl delete pod -n ${namespace} ${pods.slice(0, named).join(" ")}${rest}`,
  ];
}
