import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createAccess, type AccessToken } from "./access.ts";
import { sendError } from "./call.ts";
import { startDisruption } from "./disruption.ts";
import { createFaultGate, type Faults } from "./faults.ts";
import { createHistory } from "./history.ts";
import { createLister } from "./list.ts";
import { startNamespaces } from "./namespaces.ts";
import { serve, type Parts } from "./serve.ts";
import { createWatchHub } from "./watch.ts";
import type { ObjectStore } from "./types.ts";

/** What the API serves, and how. */
export interface KubeApiOptions {
  readonly store: ObjectStore;
  /** Milliseconds, on the simulation's clock. */
  readonly now: () => number;
  /** One that is free without it. */
  readonly port?: number;
  /** Who may do what; everyone everything without them. */
  readonly tokens?: readonly AccessToken[];
  /** Tried first; true when it takes the request over. */
  readonly extraRoutes?: (request: IncomingMessage, response: ServerResponse, url: URL) => boolean;
  /** How many events of each resource a watch can resume over; 20,000 without it. */
  readonly historySize?: number;
}

/** A served API. */
export interface KubeApi extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly faults: Faults;
}

/** Serves the Kubernetes API over a store on loopback, until disposed. Ends namespaces and keeps budgets' statuses, too. */
export async function startKubeApi(options: KubeApiOptions): Promise<KubeApi> {
  const { store, now, port = 0, tokens, extraRoutes = () => false, historySize = 20_000 } = options;
  const history = createHistory(store, historySize);
  const hub = createWatchHub(store, history);
  const lister = createLister(store, history);
  const gate = createFaultGate(hub, history, lister);
  const parts: Parts = { store, now, access: createAccess(tokens), hub, lister, gate, extraRoutes };
  const stops = [startNamespaces(store, now), startDisruption(store, now), () => history.stop()];
  const server = createServer((request, response) => {
    serve(parts, request, response).catch((error: unknown) => sendError(response, error));
  });
  // A watch stays open for an hour, and answers may be stalled on purpose.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    faults: gate.faults,
    async [Symbol.asyncDispose]() {
      for (const stop of stops) stop();
      gate.faults.heal();
      hub.closeAll(true);
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string")
    throw new Error("Cannot find the port of the simulated API: it does not listen");
  return address.port;
}
