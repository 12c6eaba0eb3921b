import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StepPort } from "#domain/ports/cluster.ts";
import { foretell } from "#analysis/rollout/foretell.ts";
import { createSteps } from "#actions/steps.ts";
import { createKubeConnection, type KubeConnection } from "#clients/kubernetes/connection.ts";
import { silentLog } from "#lib/log.ts";
import { createSimClock, formatClock } from "#sim/clock.ts";
import { type SimulatedCluster, startSimulatedCluster } from "#sim/cluster/cluster.ts";
import { formatKubeconfig } from "#sim/cluster/kubeconfig.ts";
import type { KubeObject, ResourceName } from "#sim/cluster/types.ts";
import { type Live, quickClock } from "#test/actions/harness.ts";

const reading = { verbs: ["get", "list"], apiGroups: ["*"], resources: ["*"] };
const tokens = [
  { token: "all", user: "agent" },
  { token: "reader", user: "reader", rules: [reading] },
  {
    token: "eventless",
    user: "eventless",
    rules: [
      reading,
      { verbs: ["patch", "create"], apiGroups: ["apps", "autoscaling", "policy"], resources: ["*"] },
      { verbs: ["patch"], apiGroups: [""], resources: ["nodes"] },
    ],
  },
] as const;
/** Whose rights are used: all, to read, or all but to write Events. */
export type Token = (typeof tokens)[number]["token"];

/** A simulated cluster that fails on demand, with a namespace that can be begun anew. */
export interface FaultField extends AsyncDisposable {
  readonly cluster: SimulatedCluster;
  readonly namespace: string;
  /** Writes that were sent and were no dry runs, Events apart. */
  writes: string[];
  /** A new namespace, and no faults. */
  begin(): void;
  stepsOf(token: Token): StepPort;
  make(resource: string, kind: string, body: { readonly metadata: object; readonly spec?: unknown }): void;
  get(resource: ResourceName, name: string): Live;
  /** Our own Events, of every namespace. */
  ownEvents(): readonly KubeObject[];
}

/** Opens it; disposing ends the cluster. */
export async function openFaultField(): Promise<FaultField> {
  const stack = new AsyncDisposableStack();
  const clock = createSimClock(formatClock(Date.now(), Date.now(), 20));
  const cluster = stack.use(await startSimulatedCluster({ clock, seed: 1, nodes: 2, tokens }));
  const folder = await mkdtemp(join(tmpdir(), "why-faults-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const connections = new Map<Token, KubeConnection>();
  for (const { token } of tokens) {
    const kubeconfigPath = join(folder, token);
    await writeFile(kubeconfigPath, formatKubeconfig(cluster.url, { token }));
    const connection = stack.use(createKubeConnection({ kubeconfigPath }));
    connections.set(
      token,
      noting(connection, (write) => field.writes.push(write)),
    );
  }
  const makeNamespace = (name: string) =>
    cluster.store.create("v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  if (!cluster.store.get("v1/namespaces", undefined, "default")) makeNamespace("default");
  let namespace = "";
  const field: FaultField = {
    cluster,
    get namespace() {
      return namespace;
    },
    writes: [],
    begin() {
      if (namespace !== "") cluster.store.delete("v1/namespaces", undefined, namespace);
      namespace = `faults-${randomBytes(4).toString("hex")}`;
      cluster.faults.heal();
      makeNamespace(namespace);
      for (const { metadata } of field.ownEvents()) cluster.store.delete("v1/events", metadata.namespace, metadata.name);
      field.writes = [];
    },
    stepsOf(token) {
      const connection = connections.get(token);
      if (!connection) throw new Error(`There is no connection for ${token}`);
      return createSteps({
        connection,
        cluster: "prod",
        clock: quickClock(),
        log: silentLog,
        foretell,
        isProtected: () => false,
      });
    },
    make(resource, kind, body) {
      const apiVersion = resource.slice(0, resource.lastIndexOf("/"));
      const given = { apiVersion, kind, ...body, metadata: { ...body.metadata, namespace } };
      cluster.store.create(resource as ResourceName, given as Parameters<typeof cluster.store.create>[1]);
    },
    get: (resource, name) => cluster.store.get(resource, namespace, name),
    ownEvents: () => [...cluster.store.list("v1/events")].filter((event) => (event as Live).reportingComponent === "k8s-why"),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
  return field;
}

function noting(connection: KubeConnection, note: (write: string) => void): KubeConnection {
  return {
    ...connection,
    send: (asked) => {
      const { method = "GET", path, query } = asked;
      if (method !== "GET" && query?.["dryRun"] === undefined && !path.endsWith("/events")) note(`${method} ${path}`);
      return connection.send(asked);
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}
