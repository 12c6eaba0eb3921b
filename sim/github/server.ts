import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serve, type Desk } from "./desk.ts";
import { createHooks, type Webhook } from "./hooks.ts";
import { toPushPayload } from "./push.ts";
import { createRateLimit } from "./rate-limit.ts";
import { createRepository } from "./repository.ts";
import type { Commit, Delivery, RepositoryData } from "./types.ts";

export interface LocalGitHubOptions {
  /** The only token that is let in. */
  readonly token: string;
  readonly repositories: readonly RepositoryData[];
  readonly webhook?: Webhook;
  readonly port?: number;
  /** Requests an hour; 5,000 as on GitHub. */
  readonly rateLimit?: number;
}

export interface LocalGitHub extends AsyncDisposable {
  /** For GITHUB_API_URL. */
  readonly url: string;
  readonly deliveries: readonly Delivery[];
  /** Requests answered so far. */
  readonly requests: () => number;
  pointAt(webhook: Webhook): void;
  /** The branch moves and a signed push goes out, once: `lost` never arrives, `twice` arrives again under the same GUID. */
  push(repository: string, commits: readonly Commit[], how?: "once" | "lost" | "twice"): Promise<Delivery>;
  redeliver(guid: string): Promise<Delivery>;
}

/** A GitHub on loopback: its REST API for unmodified Octokit, signed push webhooks, and plain pages that links lead to. */
export async function startLocalGitHub(options: LocalGitHubOptions): Promise<LocalGitHub> {
  const repositories = new Map(options.repositories.map((data) => [data.fullName, createRepository(data)]));
  const hooks = createHooks(options.webhook);
  let requests = 0;
  let desk: Desk | undefined;
  const server = createServer((request, response) => {
    requests += 1;
    request.resume();
    if (desk) void serve(desk, request, response);
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(options.port ?? 0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  desk = { token: options.token, repositories, hooks, limit: createRateLimit(options.rateLimit), to: { api: url, html: url } };
  const { to } = desk;
  return {
    url,
    deliveries: hooks.deliveries,
    requests: () => requests,
    pointAt: (webhook) => hooks.pointAt(webhook),
    async push(name, commits, how = "once") {
      const repository = repositories.get(name);
      if (!repository) throw new Error(`Cannot push to "${name}": no such repository here`);
      const before = repository.head().sha;
      repository.append(commits);
      const delivery = await hooks.deliver("push", JSON.stringify(toPushPayload(repository, before, commits, to)), {
        lost: how === "lost",
      });
      return how === "twice" ? hooks.deliver("push", delivery.payload, { guid: delivery.guid, redelivery: true }) : delivery;
    },
    async redeliver(guid) {
      const found = hooks.deliveries.find((delivery) => delivery.guid === guid);
      if (!found) throw new Error(`Cannot redeliver "${guid}": no such delivery`);
      return hooks.deliver(found.event, found.payload, { guid, redelivery: true });
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
