import type { V1Deployment, V1Node, V1Pod } from "@kubernetes/client-node";
import { castOf, channel } from "#sim/demo/cast.ts";
import type { Observer } from "#sim/demo/observer.ts";
import type { Teller } from "#sim/demo/telling.ts";
import type { Story } from "#sim/scenarios/story.ts";
import type { Admin } from "./admin.ts";
import { pause } from "./observe.ts";
import { service } from "./script.ts";
import type { Stage } from "./stage.ts";

/** Takes a step back through its modal, by as many people as it takes; false: it is not offered, or nothing came of it. */
export type TakeBack = (id: string) => Promise<boolean>;

/** What is needed to change one's mind. */
export interface RegretOptions {
  readonly story: Story;
  readonly stage: Stage;
  readonly observer: Pick<Observer, "writes">;
  readonly teller: Teller;
  readonly takeItBack: TakeBack;
  /** While it is true the on-call presses nothing of the plan. */
  readonly hold: (idle: boolean) => void;
}

/** Nodes of ours that take no pods, and the service's pods on them. */
interface Drained {
  readonly nodes: number;
  readonly cordoned: readonly string[];
  readonly pods: number;
}

const lookEveryMs = 2_000;
const patienceMs = 4 * 60_000;
const newcomer = { namespace: service.namespace, name: "newcomer" };

/** Once the rollback was made, the cap is taken back; then the drain is stopped half way, and its nodes take pods again. */
export async function changeMinds(options: RegretOptions, signal: AbortSignal): Promise<void> {
  const { teller, hold } = options;
  for (const takeAct of [takeCapBack, takeDrainBack]) {
    await takeAct(options, signal).catch((error: unknown) => teller.say(`could not change their minds: ${String(error)}`));
    hold(false);
  }
}

async function takeCapBack({ observer, takeItBack, teller, hold }: RegretOptions, signal: AbortSignal): Promise<void> {
  const rolledBack = () => observer.writes.filter(({ kind }) => kind === "template").length > 1;
  while (!signal.aborted && !rolledBack()) await pause(lookEveryMs, signal);
  while (!signal.aborted) {
    hold(true);
    const before = observer.writes.length;
    if (await takeItBack("restore")) {
      await until(() => observer.writes.length > before, signal);
      hold(false);
      return teller.say(`the cap was taken back: ceiling ${observer.writes.at(-1)?.what}`);
    }
    // Not capped yet, or the rollback is under way: one step at a time.
    hold(false);
    await pause(10_000, signal);
  }
}

async function takeDrainBack(options: RegretOptions, signal: AbortSignal): Promise<void> {
  const { stage, teller, takeItBack, hold } = options;
  const { admin, slack } = stage;
  const look = () => lookAt(admin);
  let begun = await look();
  while (!signal.aborted && begun.cordoned.length === 0) {
    await pause(lookEveryMs, signal);
    begun = await look();
  }
  hold(true);
  let most = 0;
  const isHalfWay = async () => {
    const { pods } = await look();
    most = Math.max(most, pods);
    return pods < most * 0.75;
  };
  await until(isHalfWay, signal);
  await say(options, "stop we need these nodes after all");
  const told = () =>
    JSON.stringify(slack.messages(channel).map(({ versions }) => versions.at(-1))).includes("All acts were stopped. ");
  await until(told, signal);
  const stopped = await look();
  teller.say(`the drain was stopped: ${told() ? "told" : "not told"}; ${describe(stopped)}`);
  await say(options, "go");
  while (!signal.aborted && !(await takeItBack("uncordon"))) await pause(5_000, signal);
  await until(async () => (await look()).cordoned.length === 0, signal);
  const back = await look();
  teller.say(`uncordoned: ${describe(back)}`);
  await welcome(options, stopped.cordoned, signal);
}

/** Somebody else's pods come: do the nodes take them? */
async function welcome(
  { stage: { admin }, teller }: RegretOptions,
  names: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { metadata } = { metadata: newcomer };
  const replicas = 2 * names.length;
  const labels = { app: newcomer.name };
  const container = { name: "app", image: "registry.example/newcomer:1", resources: { requests: { cpu: "200m" } } };
  const body: V1Deployment = {
    metadata,
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container] } } },
  };
  await admin.apps.createNamespacedDeployment({ namespace: newcomer.namespace, body });
  const pods = async () => podsOf(admin, newcomer.name);
  await until(async () => (await pods()).filter(isReady).length === replicas, signal);
  const placed = (await pods()).filter(isReady);
  const on = placed.filter(({ spec }) => names.includes(spec?.nodeName ?? ""));
  const nodes = new Set(on.map(({ spec }) => spec?.nodeName)).size;
  teller.say(
    `of ${replicas} new pods ${placed.length} are ready, ${on.length} of them on ${nodes} of the nodes that were uncordoned`,
  );
  await admin.apps.deleteNamespacedDeployment({ ...newcomer, propagationPolicy: "Foreground" });
  await until(async () => (await pods()).length === 0, signal);
}

async function say({ story, stage: { slack }, teller }: RegretOptions, text: string): Promise<void> {
  const { id: user } = castOf(story).onCall;
  const { status } = await slack.slashCommand({ user, command: "/k8s-why", text, channel });
  teller.say(`on-call said /k8s-why ${text} (${status})`);
}

async function lookAt(admin: Admin): Promise<Drained> {
  const [{ items: nodes }, pods] = await Promise.all([admin.core.listNode(), podsOf(admin, service.name)]);
  const cordoned = nodes.filter(({ spec }) => spec?.unschedulable === true).map(nameOf);
  return { nodes: nodes.length, cordoned, pods: pods.filter(({ spec }) => cordoned.includes(spec?.nodeName ?? "")).length };
}

function describe({ nodes, cordoned, pods }: Drained): string {
  return `${nodes} nodes, ${cordoned.length} of them cordoned with ${pods} pods of the service`;
}

async function podsOf(admin: Admin, app: string): Promise<V1Pod[]> {
  const { items } = await admin.core.listNamespacedPod({ namespace: service.namespace, labelSelector: `app=${app}` });
  return items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
}

function isReady({ status }: V1Pod): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false;
}

function nameOf({ metadata }: V1Node): string {
  return metadata?.name ?? "";
}

/** Looks again and again; gives up after a while, and what follows tells what it found. */
async function until(holds: () => boolean | Promise<boolean>, signal: AbortSignal): Promise<void> {
  for (const end = Date.now() + patienceMs; !signal.aborted && Date.now() < end && !(await holds());)
    await pause(lookEveryMs, signal);
}
