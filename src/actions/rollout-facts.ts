import type { ActResult } from "#domain/order.ts";
import type { ClusterRoom, Foretold, RolloutFacts } from "#domain/rollout.ts";
import type { Forecast } from "#domain/plan.ts";
import type { KubeNode, KubePodSpec, KubePodTemplate } from "#clients/kubernetes/objects.ts";
import { messageOf } from "#lib/errors.ts";
import type { ActionContext } from "./action.ts";
import type { History } from "./history.ts";
import { type SeenPod, readSeenPods, secondsToNode, secondsToReady } from "./seen-pods.ts";
import { readSpareNodes } from "./pool-limits.ts";
import { readQuotaRoom } from "./quota-room.ts";
import { isCordoned, readWorkers } from "./nodes.ts";
import { requested } from "./pods.ts";
import { ofKind, readyOf, toReplacement, wantedOf } from "./surge.ts";
import { roomOf, takes } from "./node-room.ts";

/**
 * What a rollout to that template will do at the count of now; undefined when it cannot be told, which holds nobody up. Reads all pods and
 * nodes of the cluster.
 */
export async function foretellRollout(
  context: ActionContext,
  history: History,
  template: KubePodTemplate,
): Promise<Foretold | undefined> {
  try {
    return context.foretell(await readFacts(context, history, template));
  } catch (error) {
    context.log.warn({ reason: messageOf(error) }, "A rollout could not be foretold");
    return undefined;
  }
}

/** Where nothing could be foretold. */
export const notForetold = "What its rollout does on the way could not be foretold.";

/** The result with what was foretold; its moment is that of the write, from which on the rollout is followed. */
export function withForecast(
  { clock }: Pick<ActionContext, "clock">,
  result: ActResult,
  forecast: Forecast | undefined,
): ActResult {
  return result.kind === "done" && forecast ? { ...result, forecast: { ...forecast, at: clock.now() } } : result;
}

async function readFacts(context: ActionContext, history: History, template: KubePodTemplate): Promise<RolloutFacts> {
  const { connection } = context;
  const { kind, workload, revisions } = history;
  const of = ofKind(kind, workload);
  const spec = template.spec ?? { containers: [] };
  const owners = new Set([workload.metadata.uid, ...revisions.map(({ uid }) => uid)]);
  const [nodes, pods, quotas = []] = await Promise.all([
    orNothing(context, readWorkers(connection)),
    orNothing(context, readSeenPods(connection, owners)),
    orNothing(context, readQuotaRoom(connection, workload.metadata.namespace ?? "", spec)),
  ]);
  return {
    at: context.clock.now(),
    kind,
    replicas: wantedOf(of),
    ready: readyOf(of),
    replacement: toReplacement(of),
    pod: { cores: requested(spec, "cpu"), memory: requested(spec, "memory"), pods: 1 },
    minReadySeconds: workload.spec.minReadySeconds ?? 0,
    ...(nodes && pods && { room: await readRoom(context, spec, nodes, pods) }),
    quotas,
    ...(pods && nodes && { secondsToReady: secondsToReady(pods, nodes), secondsToNode: secondsToNode(pods, nodes) }),
  };
}

async function readRoom(
  context: ActionContext,
  spec: KubePodSpec,
  nodes: readonly KubeNode[],
  pods: readonly SeenPod[],
): Promise<ClusterRoom> {
  const taking = nodes.filter((node) => takes(node, spec));
  const byNode = Map.groupBy(pods, ({ node }) => node);
  const free = taking.filter((node) => !isCordoned(node)).map((node) => roomOf(node, byNode.get(node.metadata.name) ?? []));
  // What is bought now is most likely what was bought last.
  const newest = taking.toSorted((a, b) => bornAt(b) - bornAt(a))[0];
  const newNode =
    newest &&
    roomOf(
      newest,
      (byNode.get(newest.metadata.name) ?? []).filter(({ daemon }) => daemon),
    );
  const spareNodes = await orNothing(context, readSpareNodes(context.connection, newNode));
  return { free, newNode, spareNodes, waiting: byNode.get(undefined)?.length ?? 0 };
}

function bornAt({ metadata }: KubeNode): number {
  return Date.parse(metadata.creationTimestamp);
}

/** What may not be read is not known. */
async function orNothing<T>({ log }: ActionContext, reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    log.info({ reason: messageOf(error) }, "Part of a forecast is not known");
    return undefined;
  }
}
