import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parse, parseAllDocuments, stringify } from "yaml";
import { createAuditHeadKeeper } from "#app/audit-head.ts";
import { readRights } from "#actions/rights.ts";
import { createSteps } from "#actions/steps.ts";
import { patchConfigMap } from "#clients/kubernetes/api.ts";
import { connectStore } from "#store/store.ts";
import { startRedis } from "#test/redis.ts";
import { foretell } from "#analysis/rollout/foretell.ts";
import { expectKube, findKube } from "#clients/kubernetes/answer.ts";
import { createKubeConnection, type KubeConnection } from "#clients/kubernetes/connection.ts";
import { createClock } from "#lib/clock.ts";
import { silentLog } from "#lib/log.ts";
import { startClusterWatch } from "#watchers/kubernetes/watch.ts";
import {
  type Field,
  type Live,
  aDeployment,
  anApproval,
  anAutoscaler,
  anOrder,
  openField,
  untilReady,
} from "#test/actions/harness.ts";
import { patient, realCluster } from "#test/real-cluster.ts";

const forbidden = `
  get secrets, list secrets, watch secrets, get configmaps, patch configmaps, patch applications.argoproj.io, patch kustomizations.kustomize.toolkit.fluxcd.io, patch priorityclasses.scheduling.k8s.io, get pods/log, create pods/exec, create pods, delete pods
  delete nodes, create nodes, update nodes, patch nodes/status, create serviceaccounts/token, impersonate users
  create deployments.apps, update deployments.apps, delete deployments.apps, patch deployments.apps/scale, delete replicasets.apps
  create horizontalpodautoscalers.autoscaling, delete horizontalpodautoscalers.autoscaling, delete poddisruptionbudgets.policy
  create statefulsets.apps, update statefulsets.apps, delete statefulsets.apps, create daemonsets.apps, delete daemonsets.apps, create controllerrevisions.apps
  create jobs.batch, get cronjobs.batch
  create rolebindings.rbac.authorization.k8s.io, bind clusterroles.rbac.authorization.k8s.io`;

const text = await readFile(new URL("../../deploy/k8s-why.yaml", import.meta.url), "utf8");
const objects: Live[] = parseAllDocuments(text).map((document) => document.toJS());

describe("deploy/k8s-why.yaml", () => {
  it("gives no right to delete, to read secrets, or to everything", () => {
    const rules: Live[] = objects.flatMap(({ rules = [] }) => rules);

    expect(rules.length).toBeGreaterThan(5);
    expect(JSON.stringify(rules)).not.toMatch(/\*|delete|secret|exec|impersonate|escalate|bind"/i);
  });

  it("lets ConfigMaps be listed and watched, two of its own written, and nothing else done to them", () => {
    const rules: Live[] = objects.flatMap(({ rules = [] }) => rules).filter(({ resources }) => resources.includes("configmaps"));

    expect(rules.map(({ verbs, resourceNames }) => [verbs, resourceNames])).toEqual([
      [["list", "watch"], undefined],
      [["get", "patch"], ["k8s-why-audit-head"]],
      [["get", "patch"], ["k8s-why-steps"]],
    ]);
  });

  it("lets Jobs be read and created in a role that is bound by hand, never deleted or changed", () => {
    const { rules } = objects.find(({ kind, metadata }) => kind === "ClusterRole" && metadata.name === "k8s-why-migrate");

    expect(rules).toEqual([
      { apiGroups: ["batch"], resources: ["cronjobs", "jobs"], verbs: ["get"] },
      { apiGroups: ["batch"], resources: ["jobs"], verbs: ["list", "create"] },
    ]);
  });

  it("says in which namespace it runs, and has the ConfigMap there", () => {
    const [container] = objects.find(({ kind }) => kind === "Deployment").spec.template.spec.containers;
    const fieldRef = { fieldPath: "metadata.namespace" };

    expect(container.env).toContainEqual({ name: "POD_NAMESPACE", valueFrom: { fieldRef } });
    expect(objects.filter(({ metadata }) => metadata.name === "k8s-why-audit-head").map(({ kind }) => kind)).toEqual([
      "ConfigMap",
      "Role",
      "RoleBinding",
    ]);
  });

  it("lets nothing be changed in any other namespace by itself", () => {
    const bound = objects
      .filter(({ kind }) => kind === "ClusterRoleBinding" || kind === "RoleBinding")
      .map(({ roleRef }) => roleRef.name);

    expect(bound.toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      "k8s-why-audit-head",
      "k8s-why-node-events",
      "k8s-why-nodes",
      "k8s-why-read",
      "k8s-why-steps",
    ]);
    const namespaces = objects.filter(({ kind }) => kind === "Role" || kind === "RoleBinding").map(({ metadata }) => metadata);
    expect(new Set(namespaces.map(({ namespace }) => namespace))).toEqual(new Set(["k8s-why", "default"]));
  });

  it("runs without root, and with nothing to write on", () => {
    const { spec } = objects.find(({ kind }) => kind === "Deployment").spec.template;

    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true });
    expect(spec.containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
  });
});

describe("deploy/karpenter.yaml", () => {
  it("lets NodeClaims be read and deleted, and nothing else", async () => {
    const text = await readFile(new URL("../../deploy/karpenter.yaml", import.meta.url), "utf8");
    const [role, binding]: Live[] = parseAllDocuments(text).map((document) => document.toJS());

    expect(role.rules).toEqual([{ apiGroups: ["karpenter.sh"], resources: ["nodeclaims"], verbs: ["get", "list", "delete"] }]);
    expect(binding.roleRef.name).toBe(role.metadata.name);
    expect(binding.subjects).toEqual(objects.find(({ kind }) => kind === "ClusterRoleBinding").subjects);
  });
});

// Only a real API server decides about rights.
describe.skipIf(!realCluster)("on the real control plane", () => {
  let field: Field;
  let agent: KubeConnection;
  let folder: string;
  const made: string[] = [];
  const account = () => `system:serviceaccount:${field.namespace}:k8s-why`;
  const renamed = (name: string) => `${name}-${field.namespace}`;

  beforeAll(async () => {
    field = await openField();
    folder = await mkdtemp(join(tmpdir(), "why-rights-"));
    await create(`/api/v1/namespaces/${field.namespace}/serviceaccounts`, { metadata: { name: "k8s-why" } });
    for (const object of objects) await createRights(object);
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: renamed("k8s-why-act") };
    const body = { metadata: { name: "k8s-why-act" }, roleRef, subjects: [subject()] };
    await create(`/apis/rbac.authorization.k8s.io/v1/namespaces/${field.namespace}/rolebindings`, body);
    agent = createKubeConnection({ kubeconfigPath: await agentKubeconfig() });
    // The API server hears of its own roles a moment later: of those made last, last.
    await vi.waitUntil(async () => (await may("patch nodes", "")) && may("create events"), patient);
  });
  afterAll(async () => {
    await agent?.close();
    for (const path of made) await findKube(field.connection, { method: "DELETE", path });
    await rm(folder, { recursive: true, force: true });
    await field[Symbol.asyncDispose]();
  });

  const subject = () => ({ kind: "ServiceAccount", name: "k8s-why", namespace: field.namespace });

  async function create(path: string, body: object): Promise<Live> {
    return expectKube<Live>(field.connection, { method: "POST", path, body });
  }

  /** The manifest's roles and bindings; those of the whole cluster under names of our own. */
  async function createRights({ kind, metadata, rules, roleRef }: Live): Promise<void> {
    const inNamespace = `/apis/rbac.authorization.k8s.io/v1/namespaces/${field.namespace}`;
    if (metadata.namespace === "default") return;
    if (kind === "Role") await create(`${inNamespace}/roles`, { metadata: { name: metadata.name }, rules });
    if (kind === "RoleBinding")
      await create(`${inNamespace}/rolebindings`, { metadata: { name: metadata.name }, roleRef, subjects: [subject()] });
    if (kind !== "ClusterRole" && kind !== "ClusterRoleBinding") return;
    const path = `/apis/rbac.authorization.k8s.io/v1/${kind.toLowerCase()}s`;
    const name = renamed(metadata.name);
    const body =
      kind === "ClusterRole" ? { rules } : { roleRef: { ...roleRef, name: renamed(roleRef.name) }, subjects: [subject()] };
    await create(path, { metadata: { name }, ...body });
    made.push(`${path}/${name}`);
  }

  /** The tests' own kubeconfig with a token of the service account. */
  async function agentKubeconfig(): Promise<string> {
    const path = `/api/v1/namespaces/${field.namespace}/serviceaccounts/k8s-why/token`;
    const { status } = await create(path, {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { expirationSeconds: 600 },
    });
    const config: Live = parse(await readFile(realCluster ?? "", "utf8"));
    const current = config.contexts.find(({ name }: Live) => name === config["current-context"]);
    const file = join(folder, "kubeconfig");
    const users = [{ name: current.context.user, user: { token: status.token } }];
    await writeFile(file, stringify({ ...config, users }));
    return file;
  }

  async function may(what: string, namespace: string | undefined = field.namespace): Promise<boolean> {
    const [verb, target = ""] = what.split(" ");
    const [resourceAndGroup = "", subresource] = target.split("/");
    const [resource, ...group] = resourceAndGroup.split(".");
    const resourceAttributes = { verb, resource, subresource, group: group.join("."), namespace };
    const body = { spec: { user: account(), groups: ["system:serviceaccounts", "system:authenticated"], resourceAttributes } };
    const review = await create("/apis/authorization.k8s.io/v1/subjectaccessreviews", body);
    return review.status.allowed === true;
  }

  it("is accepted by the server as it stands", async () => {
    const paths: Record<string, string> = {
      ServiceAccount: "/api/v1/",
      Secret: "/api/v1/",
      ConfigMap: "/api/v1/",
      Service: "/api/v1/",
      Deployment: "/apis/apps/v1/",
    };
    for (const object of objects) {
      const root = paths[object.kind];
      if (!root || object.kind === "ServiceAccount") continue;
      const path = `${root}namespaces/${field.namespace}/${object.kind.toLowerCase()}s`;
      const query = { dryRun: "All", fieldValidation: "Strict" };
      const body = { ...object, metadata: { ...object.metadata, namespace: field.namespace } };
      expect(await expectKube<Live>(field.connection, { method: "POST", path, query, body })).toMatchObject({
        kind: object.kind,
      });
    }
  });

  it.each([
    ...[
      "deployments.apps",
      "replicasets.apps",
      "statefulsets.apps",
      "daemonsets.apps",
      "controllerrevisions.apps",
      "horizontalpodautoscalers.autoscaling",
      "pods",
      "nodes",
      "events",
    ].flatMap((what) => [`list ${what}`, `watch ${what}`]),
    ...[
      "configmaps",
      "resourcequotas",
      "limitranges",
      "priorityclasses.scheduling.k8s.io",
      "applications.argoproj.io",
      "kustomizations.kustomize.toolkit.fluxcd.io",
    ].flatMap((what) => [`list ${what}`, `watch ${what}`]),
    "list poddisruptionbudgets.policy",
    "list nodepools.karpenter.sh",
    "get statefulsets.apps",
    "get daemonsets.apps",
    "patch nodes",
  ])("may %s everywhere", async (what) => {
    expect(await may(what, "")).toBe(true);
  });

  it("is told what every act writes, and may do all of it where it is bound", async () => {
    const workload = { cluster: "prod", namespace: field.namespace, name: "web" };
    for (const kind of ["Deployment", "StatefulSet", "DaemonSet"] as const) {
      const here = await readRights({ connection: agent, clock: createClock(), ownNamespace: "k8s-why" }, { ...workload, kind });
      const there = await readRights(
        { connection: agent, clock: createClock(), ownNamespace: "k8s-why" },
        { ...workload, kind, namespace: "default" },
      );
      expect(here.missing).toEqual({});
      expect(Object.keys(there.missing).toSorted()).toEqual([
        "cap",
        "drain",
        "lower",
        "pause",
        "restart",
        "restore",
        "resume",
        "rollback",
        "scale",
      ]);
      expect(there.missing.cap).toContain("kubectl create rolebinding k8s-why-act");
    }
  });

  it.each([
    "patch deployments.apps",
    "patch statefulsets.apps",
    "patch daemonsets.apps",
    "patch horizontalpodautoscalers.autoscaling",
    "create pods/eviction",
    "create events",
  ])("may %s where it is bound", async (what) => {
    expect(await may(what)).toBe(true);
    expect(await may(what, "kube-public")).toBe(false);
  });

  it.each(
    forbidden
      .trim()
      .split(/\n\s*/)
      .flatMap((line) => line.split(", ")),
  )("may not %s", async (what) => {
    expect(await may(what)).toBe(false);
  });

  it("can do with these rights all that it does: watch, cap, roll back, look at nodes", async () => {
    const steps = createSteps({
      connection: agent,
      cluster: "prod",
      clock: createClock(),
      log: silentLog,
      foretell,
      isProtected: () => false,
    });
    const asAgent = { ...field, steps };
    await field.create("apps/v1/deployments", aDeployment());
    await field.create("autoscaling/v2/horizontalpodautoscalers", anAutoscaler());
    await untilReady(field, 4);
    await field.merge("apps/v1/deployments", "web", { spec: { template: { metadata: { annotations: { second: "1" } } } } });
    await untilReady(field, 4);
    await using watch = startClusterWatch({
      connection: agent,
      cluster: "prod",
      namespaces: [],
      now: Date.now,
      log: silentLog,
      emit: () => {},
    });

    await expect.poll(() => watch.synced(), patient).toBe(true);
    for (const order of [anOrder(field, { kind: "cap" }), anOrder(field, { kind: "rollback", revision: 1 })]) {
      expect((await steps.act(await anApproval(asAgent, order), order)).kind).toBe("done");
    }
    const drain = await steps.preview(anOrder(field, { kind: "drain", bornSince: 0, keepNodes: 1 }));
    // Pods of other namespaces stand on these nodes: it must not evict them, and says so.
    expect(["preview", "refused"]).toContain(drain.kind);
  });

  it("can keep the head of the audit stream with these rights, and touch no other ConfigMap", async () => {
    await using redis = await startRedis();
    await using store = connectStore({ url: redis.url, now: Date.now, log: silentLog });
    const name = "k8s-why-audit-head";
    await field.create("v1/configmaps", { metadata: { name } });
    const { keep, problem } = createAuditHeadKeeper({ store, connection: agent, namespace: field.namespace, log: silentLog });
    const heads = [];
    for (const text of ["a", "b"]) {
      await store.audit({ at: 0, what: "approved", by: "U1", incidentId: "inc-1", stepId: "cap", text });
      await keep();
      heads.push((await field.read("v1/configmaps", name)).data.head);
    }

    expect(heads).toEqual([expect.stringMatching(/^1:[0-9a-f]{64}$/), expect.stringMatching(/^2:[0-9a-f]{64}$/)]);
    expect(problem()).toBeUndefined();
    await field.create("v1/configmaps", { metadata: { name: "another" } });
    const patch = patchConfigMap(agent, field.namespace, "another", { data: { a: "b" } });
    await expect(patch).rejects.toThrow("is forbidden");
  });

  it("refuses in a sentence where it is not bound", async () => {
    const steps = createSteps({
      connection: agent,
      cluster: "prod",
      clock: createClock(),
      log: silentLog,
      foretell,
      isProtected: () => false,
    });
    await findKube(field.connection, {
      method: "DELETE",
      path: `/apis/rbac.authorization.k8s.io/v1/namespaces/${field.namespace}/rolebindings/k8s-why-act`,
    });
    await field.merge("autoscaling/v2/horizontalpodautoscalers", "web", {
      metadata: { annotations: null },
      spec: { maxReplicas: 90 },
    });

    await expect
      .poll(async () => steps.preview(anOrder(field, { kind: "cap" })), patient)
      .toMatchObject({
        kind: "refused",
        text: expect.stringContaining("is forbidden"),
      });
  });
});
