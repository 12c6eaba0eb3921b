import { expect, onTestFinished, test, vi } from "vitest";
import { createKubeConnection } from "#clients/kubernetes/connection.ts";
import type { Observation } from "#domain/ports/cluster.ts";
import { silentLog } from "#lib/log.ts";
import { startGitopsWatch } from "#watchers/kubernetes/watch-gitops.ts";
import { aThing, startFaultServer } from "#test/clients/kubernetes/fault-server.ts";
import { NOON, aRollout, aSha } from "#test/builders.ts";

const resources = [{ kind: "Deployment", namespace: "shop", name: "web" }];
const anApplication = (revision: string, version: number) => ({
  ...aThing("shop", version),
  status: { sync: { revision }, resources },
});

async function open() {
  const server = await startFaultServer();
  const connection = createKubeConnection({ kubeconfigPath: server.kubeconfigPath });
  const told: Observation[] = [];
  const start = () => {
    const watch = startGitopsWatch({
      connection,
      cluster: "prod",
      now: () => NOON,
      log: silentLog,
      emit: (one) => void told.push(one),
    });
    onTestFinished(() => watch[Symbol.asyncDispose]());
    return watch;
  };
  onTestFinished(async () => {
    await connection.close();
    await server[Symbol.asyncDispose]();
  });
  return { server, start, told };
}

test("hears over the API which commit was synced, and gives it to the rollout", async () => {
  const { server, start } = await open();
  server.things = [anApplication(aSha("old"), 1)];
  const watch = start();
  await vi.waitFor(() => expect(server.open.size).toBe(2));

  server.send("MODIFIED", anApplication(aSha("young"), 2));

  const rollout = () => watch.complete({ kind: "change", change: aRollout({ at: NOON }) });
  await vi.waitFor(() =>
    expect(rollout()).toMatchObject({
      change: { commit: { sha: aSha("young"), from: "argo" }, previousCommit: { sha: aSha("old") } },
    }),
  );
});

test("asks once, and is quiet, where neither is installed", async () => {
  const { server, start } = await open();
  for (let kind = 0; kind < 2; kind += 1)
    server.faults.push({ on: "list", answer: (_request, response) => void response.writeHead(404).end("{}") });
  const watch = start();
  await vi.waitFor(() => expect(server.lists).toHaveLength(2));
  await watch[Symbol.asyncDispose]();
  expect(server.lists).toHaveLength(2);
  expect(server.watches).toHaveLength(0);
});
