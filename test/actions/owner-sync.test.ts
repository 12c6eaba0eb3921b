import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { askOwners } from "#actions/owner-sync.ts";
import { createKubeConnection, type KubeConnection } from "#clients/kubernetes/connection.ts";
import type { KubeMeta } from "#clients/kubernetes/objects.ts";
import { TemporaryError } from "#lib/errors.ts";
import { silentLog } from "#lib/log.ts";
import { type FaultServer, type Thing, aThing, startFaultServer } from "#test/clients/kubernetes/fault-server.ts";

let server: FaultServer;
let connection: KubeConnection;
beforeEach(async () => {
  server = await startFaultServer();
  connection = createKubeConnection({ kubeconfigPath: server.kubeconfigPath });
});
afterEach(async () => {
  await connection.close();
  await server[Symbol.asyncDispose]();
});

const bare = { name: "web", uid: "u", resourceVersion: "1", creationTimestamp: "2026-01-01T00:00:00Z" };
const byArgo: KubeMeta = { ...bare, annotations: { "argocd.argoproj.io/tracking-id": "shop:apps/Deployment:shop/web" } };
const byFlux: KubeMeta = {
  ...bare,
  labels: { "kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": "shop" },
};
const healing = {
  syncPolicy: { automated: { selfHeal: true } },
  source: { repoURL: "https://git.example/shop", path: "deploy" },
};
const aSource = (name: string, spec: object): Thing & { readonly spec: object } => ({ ...aThing(name, 1), spec });
const ask = (metadata: KubeMeta, field: Parameters<typeof askOwners>[3] = "template") =>
  askOwners({ connection, log: silentLog }, "shop/web", { kind: "Deployment", metadata }, field);

describe("askOwners", () => {
  it("asks nobody about what nobody manages", async () => {
    expect(await ask(bare)).toEqual({ warnings: [] });
    expect(server.lists).toHaveLength(0);
  });

  it("refuses where Argo CD heals, with the command and the repository", async () => {
    server.things = [aSource("other", {}), aSource("shop", healing)];

    const { refusal } = await ask(byArgo);

    expect(refusal).toContain('Argo CD ("shop")');
    expect(refusal).toContain("(https://git.example/shop, deploy)");
    expect(refusal).toContain("`argocd app set shop --sync-policy none`");
  });

  it("warns where its next sync would overwrite it", async () => {
    server.things = [aSource("shop", {})];

    expect(await ask(byArgo)).toEqual({ warnings: [expect.stringContaining("its next sync or release overwrites this")] });
  });

  it("has nothing to say of what is not declared", async () => {
    server.things = [aSource("shop", healing)];

    expect(await ask(byArgo, "paused")).toEqual({ warnings: [] });
  });

  it("refuses where a Kustomization reconciles, and warns where it is suspended", async () => {
    server.things = [aSource("apps", {})];
    const going = await ask(byFlux);
    server.things = [aSource("apps", { suspend: true })];
    const held = await ask(byFlux);

    expect(going.refusal).toContain("`flux suspend kustomization apps -n shop`");
    expect(held).toEqual({ warnings: [expect.stringContaining("is held now")] });
  });

  it("takes no other namespace's Kustomization for it", async () => {
    server.things = [aSource("apps", {})];
    const elsewhere = { ...byFlux, labels: { ...byFlux.labels, "kustomize.toolkit.fluxcd.io/namespace": "flux-system" } };

    expect(await ask(elsewhere)).toEqual({ warnings: [expect.stringContaining("cannot be seen from here")] });
  });

  it.each([403, 404])("warns where they cannot be seen (%i)", async (code) => {
    server.faults.push({ on: "list", answer: (_request, response) => void response.writeHead(code).end("{}") });

    expect(await ask(byArgo)).toEqual({ warnings: [expect.stringContaining("cannot be seen from here")] });
  });

  it("tries again where the server is away", async () => {
    server.faults.push({ on: "list", answer: (_request, response) => void response.writeHead(503).end("{}") });

    await expect(ask(byArgo)).rejects.toBeInstanceOf(TemporaryError);
  });
});
