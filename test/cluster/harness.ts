import { randomBytes } from "node:crypto";
import {
  AppsV1Api,
  AuthorizationV1Api,
  AutoscalingV2Api,
  CoordinationV1Api,
  CoreV1Api,
  HttpMethod,
  KubeConfig,
  PolicyV1Api,
  RequestContext,
  type V1Deployment,
  type V1Pod,
} from "@kubernetes/client-node";
import { type Dispatcher, fetch } from "undici";
import { createSimClock, formatClock } from "#sim/clock.ts";
import { startSimulatedCluster } from "#sim/cluster/cluster.ts";
import { realCluster } from "#test/real-cluster.ts";

/** The cluster that is to be judged: the one of `K8S_WHY_TEST_KUBECONFIG`, else the simulated one. Tests keep to its namespace. */
export interface TestCluster extends Connection, AsyncDisposable {
  readonly namespace: string;
  /** False for the simulation. */
  readonly real: boolean;
  readonly config: KubeConfig;
  readonly apps: AppsV1Api;
  readonly core: CoreV1Api;
  readonly autoscaling: AutoscalingV2Api;
  readonly policy: PolicyV1Api;
  readonly coordination: CoordinationV1Api;
  readonly authorization: AuthorizationV1Api;
}

/** HTTP as it stands, for what a client hides. */
export interface Connection {
  raw(path: string, init?: RawInit): Promise<RawAnswer>;
  /** A watch: each line parsed. */
  stream(path: string, query: Readonly<Record<string, string>>): Promise<RawStream>;
}

interface RawInit {
  readonly method?: string;
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface RawAnswer {
  readonly code: number;
  readonly headers: { get(name: string): string | null };
  // Foreign JSON that tests look into freely.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export interface WatchLine {
  readonly type: string;
  readonly object: {
    readonly metadata: {
      readonly name?: string;
      readonly resourceVersion?: string;
      readonly annotations?: Record<string, string>;
    };
    readonly code?: number;
    readonly reason?: string;
  };
}

interface RawStream extends AsyncDisposable {
  readonly code: number;
  readonly lines: readonly WatchLine[];
  /** Resolves when the server ends it. */
  readonly ended: Promise<void>;
}

/** How much faster than the wall the simulated cluster's clock runs. */
const rate = 20;

/** Starts or finds the cluster, and makes a namespace in it that goes with it. */
export async function connect(): Promise<TestCluster> {
  const stack = new AsyncDisposableStack();
  const config = new KubeConfig();
  if (realCluster) config.loadFromFile(realCluster);
  else config.loadFromString(await startSimulation(stack));
  const core = config.makeApiClient(CoreV1Api);
  const namespace = `conformance-${randomBytes(4).toString("hex")}`;
  await core.createNamespace({ body: { metadata: { name: namespace } } });
  stack.defer(async () => {
    await core.deleteNamespace({ name: namespace });
  });
  return {
    namespace,
    real: realCluster !== undefined,
    config,
    core,
    apps: config.makeApiClient(AppsV1Api),
    autoscaling: config.makeApiClient(AutoscalingV2Api),
    policy: config.makeApiClient(PolicyV1Api),
    coordination: config.makeApiClient(CoordinationV1Api),
    authorization: config.makeApiClient(AuthorizationV1Api),
    ...connectTo(config),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** HTTP to the cluster of a kubeconfig. */
export function connectTo(config: KubeConfig): Connection {
  return {
    raw: (path, init) => raw(config, path, init),
    stream: (path, query) => stream(config, path, query),
  };
}

async function startSimulation(stack: AsyncDisposableStack): Promise<string> {
  const clock = createSimClock(formatClock(Date.now(), Date.UTC(2026, 10, 2, 1), rate));
  return stack.use(await startSimulatedCluster({ clock, seed: 1, nodes: 3 })).kubeconfig;
}

async function open(
  config: KubeConfig,
  path: string,
): Promise<{ url: string; headers: Record<string, string>; dispatcher?: Dispatcher }> {
  const url = `${config.getCurrentCluster()?.server}${path}`;
  const context = new RequestContext(url, HttpMethod.GET);
  await config.applySecurityAuthentication(context);
  const dispatcher = context.getDispatcher();
  return { url, headers: { ...context.getHeaders() }, ...(dispatcher ? { dispatcher } : {}) };
}

async function raw(config: KubeConfig, path: string, init: RawInit = {}): Promise<RawAnswer> {
  const { url, headers, ...rest } = await open(config, path);
  const { method = "GET", body, type = "application/json" } = init;
  const sent = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
  const all = {
    ...headers,
    accept: "application/json",
    ...(body === undefined ? {} : { "content-type": type }),
    ...init.headers,
  };
  const response = await fetch(url, { ...rest, method, headers: all, ...sent });
  const text = await response.text();
  return { code: response.status, headers: response.headers, body: text.startsWith("{") ? JSON.parse(text) : text };
}

async function stream(config: KubeConfig, path: string, query: Readonly<Record<string, string>>): Promise<RawStream> {
  const { url, headers, ...rest } = await open(config, `${path}?${new URLSearchParams({ watch: "true", ...query }).toString()}`);
  const controller = new AbortController();
  const response = await fetch(url, { ...rest, headers, signal: controller.signal });
  const lines: WatchLine[] = [];
  const ended = read(response.body, lines);
  return {
    code: response.status,
    lines,
    ended,
    async [Symbol.asyncDispose]() {
      controller.abort();
      await ended.catch(() => {});
    },
  };
}

async function read(body: AsyncIterable<Uint8Array> | null, lines: WatchLine[]): Promise<void> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of body ?? []) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts.filter(Boolean).map((part) => JSON.parse(part) as WatchLine));
  }
}

/** A Deployment that is cheap to run. */
export function aDeployment(name: string, overrides: Partial<NonNullable<V1Deployment["spec"]>> = {}): V1Deployment {
  return {
    metadata: { name },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: "app", image: "registry.example/app:1", resources: { requests: { cpu: "20m" } } }] },
      },
      ...overrides,
    },
  };
}

/** The same with other fields. client-node's types are classes, of which a spread would not be one. */
export function altered<T extends object>(object: T, changes: Partial<T>): T {
  return { ...object, ...changes };
}

/** Whether a pod says that it is ready and stays. */
export function isReady(pod: V1Pod): boolean {
  if (pod.metadata?.deletionTimestamp) return false;
  return pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}

/** The refusal that a call ends in. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ code: number; reason: string; message: string; causes: readonly { reason?: string; field?: string }[] }> {
  try {
    await call;
  } catch (error) {
    const { code, body } = error as { code?: number; body?: string };
    if (typeof code !== "number") throw error;
    // For 401 client-node hands out no body.
    const status = JSON.parse(body ?? "{}") as { reason?: string; message?: string; details?: { causes?: [] } };
    return { code, reason: status.reason ?? "", message: status.message ?? "", causes: status.details?.causes ?? [] };
  }
  throw new Error("Expected a refusal, but the call succeeded");
}
