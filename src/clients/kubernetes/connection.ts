import { existsSync } from "node:fs";
import { HttpMethod, KubeConfig, RequestContext } from "@kubernetes/client-node";
import { Agent, ProxyAgent, request, type Dispatcher } from "undici";
import { ConfigurationError, messageOf } from "#lib/errors.ts";

const SERVICE_ACCOUNT_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";
/** What client-node falls back to when it finds no configuration at all. */
const NOWHERE = "http://localhost:8080";

/** One request to the API server. */
export interface KubeRequest {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Starts with `/`, without a query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** More headers. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Of the body; JSON unless said. */
  readonly contentType?: string;
  /** Longest silence within the answer, ms. */
  readonly bodyTimeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A way to one API server, over a few kept connections that everything shares. */
export interface KubeConnection extends AsyncDisposable {
  readonly server: string;
  /** Where we run, as the context or the service account says. */
  readonly namespace: string | undefined;
  /** For client-node's own typed APIs (`makeApiClient`); they share the connections too. */
  readonly kubeConfig: KubeConfig;
  /** Resolves with the head of the answer, whatever its code; the caller reads or destroys the body. */
  send(request: KubeRequest): Promise<Dispatcher.ResponseData>;
  close(): Promise<void>;
}

/** Opens nothing yet. Takes the file, else the pod's service account, else kubectl's defaults; throws ConfigurationError when there is none. */
export function createKubeConnection(options: { readonly kubeconfigPath?: string } = {}): KubeConnection {
  const config = loadConfig(options.kubeconfigPath);
  const server = (config.getCurrentCluster()?.server ?? "").replace(/\/+$/, "");
  const close = () => config.close();
  return {
    server,
    namespace: config.getContextObject(config.getCurrentContext())?.namespace,
    kubeConfig: config,
    send: (asked) => sendRequest(config, server, asked),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** undici takes no readonly lists. */
function mutable(headers: KubeRequest["headers"] = {}): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === "string" ? value : [...value]]),
  );
}

async function sendRequest(config: KubeConfig, server: string, asked: KubeRequest): Promise<Dispatcher.ResponseData> {
  const context = new RequestContext(server + asked.path, HttpMethod.GET);
  await config.applySecurityAuthentication(context);
  const dispatcher = context.getDispatcher();
  const headers: Record<string, string | string[]> = {
    accept: "application/json",
    "user-agent": "k8s-why",
    ...context.getHeaders(),
    ...mutable(asked.headers),
  };
  if (asked.body !== undefined) headers["content-type"] = asked.contentType ?? "application/json";
  return await request(server + asked.path + toQuery(asked.query), {
    method: asked.method ?? "GET",
    headers,
    body: asked.body === undefined ? null : JSON.stringify(asked.body),
    bodyTimeout: asked.bodyTimeoutMs ?? 30_000,
    ...(dispatcher && { dispatcher }),
    ...(asked.signal && { signal: asked.signal }),
  });
}

function toQuery(query: KubeRequest["query"]): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) params.set(name, String(value));
  return params.size > 0 ? `?${params}` : "";
}

function loadConfig(path: string | undefined): SharedConfig {
  const config = new SharedConfig();
  try {
    if (path) config.loadFromFile(path);
    else if (existsSync(SERVICE_ACCOUNT_TOKEN)) config.loadFromCluster();
    else config.loadFromDefault();
  } catch (error) {
    throw new ConfigurationError([`Cannot read the kubeconfig${path ? ` "${path}"` : ""}: ${messageOf(error)}`]);
  }
  const server = config.getCurrentCluster()?.server;
  if (!server)
    throw new ConfigurationError([`Cannot use the kubeconfig${path ? ` "${path}"` : ""}: its current context names no cluster`]);
  if (!path && server === NOWHERE)
    throw new ConfigurationError(["Cannot find a cluster: set KUBECONFIG to a file, or run inside the cluster"]);
  return config;
}

type TlsOptions = Parameters<KubeConfig["createDispatcherOptions"]>[1];

/**
 * client-node builds an Agent for each request, and undici's own default speaks HTTP/2, which never recovers from a black-holed
 * connection. So its choice is noted, and one Agent is kept for as long as server and certificates stay the same.
 */
class SharedConfig extends KubeConfig {
  private wanted: { key: string; build: () => Dispatcher } | undefined;
  private current: { key: string; dispatcher: Dispatcher } | undefined;

  override createDispatcherOptions(cluster: Parameters<KubeConfig["createDispatcherOptions"]>[0], tls: TlsOptions) {
    const chosen = super.createDispatcherOptions(cluster, tls);
    if (chosen.type === "socks") return chosen;
    const connect = { ...definedOnly(tls), keepAlive: true, keepAliveInitialDelay: 30_000 };
    const common = { allowH2: false, headersTimeout: 30_000, bodyTimeout: 0 };
    const key = JSON.stringify([cluster?.server, cluster?.proxyUrl, connect], (_, value) =>
      Buffer.isBuffer(value) ? value.toString("base64") : value,
    );
    const build = () =>
      chosen.type === "proxy"
        ? new ProxyAgent({ ...common, uri: chosen.uri, requestTls: { ...connect, allowH2: false }, proxyTls: { allowH2: false } })
        : new Agent({ ...common, connect });
    this.wanted = { key, build };
    return { type: "none" as const };
  }

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    const { wanted } = this;
    if (!wanted) return;
    if (this.current?.key !== wanted.key) {
      // Requests under way on the old certificates may end in peace.
      void this.current?.dispatcher.close();
      this.current = { key: wanted.key, dispatcher: wanted.build() };
    }
    context.setDispatcher(this.current.dispatcher);
  }

  async close(): Promise<void> {
    await this.current?.dispatcher.destroy();
  }
}

function definedOnly(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
