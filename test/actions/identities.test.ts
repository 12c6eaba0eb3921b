import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Field, aDeployment, anApproval, anAutoscaler, anOrder, openField } from "#test/actions/harness.ts";
import { patient, realCluster } from "#test/real-cluster.ts";
import { createKubeConnection } from "#clients/kubernetes/connection.ts";
import { createSimClock, formatClock } from "#sim/clock.ts";
import { expectKube } from "#clients/kubernetes/answer.ts";
import { formatKubeconfig } from "#sim/cluster/kubeconfig.ts";
import { identityOf } from "#analysis/identity.ts";
import { personAccessReview } from "#clients/kubernetes/api.ts";
import { noIdentities } from "#test/workflow/signing.ts";
import { shopWeb } from "#test/builders.ts";
import { startSimulatedCluster } from "#sim/cluster/cluster.ts";
import { whyPersonMayNot } from "#actions/rights.ts";

describe("who a person is in Kubernetes", () => {
  const identities = {
    ...noIdentities,
    users: [{ slack: "U1", user: "nina", groups: ["sre"] }],
    domains: ["example.com"],
    groups: ["developers"],
  };

  it("is what the configuration says of their id, else their verified address at a domain of ours", () => {
    expect(identityOf(identities, { id: "U1", email: "x@example.com" })).toEqual({ user: "nina", groups: ["sre"] });
    expect(identityOf(identities, { id: "U2", email: "otto@example.com" })).toEqual({
      user: "otto@example.com",
      groups: ["developers"],
    });
    expect(identityOf(identities, { id: "U2", email: "otto@evil.example" })).toBeUndefined();
    expect(identityOf(identities, { id: "U2", email: "example.com@evil.example" })).toBeUndefined();
    expect(identityOf(identities, { id: "U2" })).toBeUndefined();
  });
});

describe("what a person may do in Kubernetes", () => {
  it("is asked of the API server, act by act", async () => {
    await using stack = new AsyncDisposableStack();
    const rules = [
      { verbs: ["patch"], apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], namespaces: ["shop"] },
    ];
    const jobs = [{ verbs: ["create"], apiGroups: ["batch"], resources: ["jobs"], namespaces: ["shop"] }];
    const tokens = [
      { token: "otto", user: "otto", rules: jobs },
      { token: "agent", user: "agent" },
      { token: "nina", user: "nina", rules },
    ];
    const clock = createSimClock(formatClock(Date.now(), Date.now(), 20));
    const cluster = stack.use(await startSimulatedCluster({ clock, seed: 1, nodes: 1, tokens }));
    const folder = await mkdtemp(join(tmpdir(), "why-people-"));
    stack.defer(() => rm(folder, { recursive: true }));
    const kubeconfigPath = join(folder, "kubeconfig");
    await writeFile(kubeconfigPath, formatKubeconfig(cluster.url, { token: "agent" }));
    const connection = stack.use(createKubeConnection({ kubeconfigPath }));
    const ask = (user: string, kind: "cap" | "rollback" | "migrate") =>
      whyPersonMayNot({ connection }, { user, groups: [] }, kind, shopWeb);

    expect(await ask("nina", "cap")).toBeUndefined();
    expect(await ask("nina", "rollback")).toBe('Kubernetes does not allow "nina" to patch deployments.apps in shop.');
    expect(await ask("nina", "migrate")).toBe('Kubernetes does not allow "nina" to create jobs.batch in shop.');
    expect(await ask("otto", "migrate")).toBeUndefined();
    expect(await ask("stranger", "cap")).toContain(
      'does not allow "stranger" to patch horizontalpodautoscalers.autoscaling in shop',
    );
  });
});

// Only a real API server knows what it is to act in somebody's name.
describe.skipIf(!realCluster)("in a person's name", () => {
  const create = (field: Field, path: string, body: object) => expectKube(field.connection, { method: "POST", path, body });

  it("the API server judges the person, not the agent", async () => {
    await using field = await openField();
    await field.create("apps/v1/deployments", aDeployment());
    await field.create("autoscaling/v2/horizontalpodautoscalers", anAutoscaler());
    const order = anOrder(field, { kind: "cap" });
    const approval = await anApproval(field, order);
    const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${field.namespace}`;
    await create(field, `${rbac}/roles`, {
      metadata: { name: "cap" },
      rules: [{ apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: ["patch"] }],
    });
    await create(field, `${rbac}/rolebindings`, {
      metadata: { name: "cap" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "cap" },
      subjects: [{ kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: "sre" }],
    });

    // The API server hears of its own roles a moment later.
    const review = { user: "nina@example.com", groups: ["sre"] };
    const patch = { verb: "patch", group: "autoscaling", resource: "horizontalpodautoscalers", namespace: field.namespace };
    const mayNina = async () => (await personAccessReview(field.connection, review, patch)).allowed;
    await expect.poll(mayNina, patient).toBe(true);

    const otto = await field.steps.act(approval, order, { user: "otto@example.com", groups: ["developers"] });
    expect(otto).toMatchObject({ kind: "refused", text: expect.stringContaining('User "otto@example.com" cannot patch') });
    const nina = await field.steps.act(approval, order, { user: "nina@example.com", groups: ["developers", "sre"] });
    expect(nina.kind).toBe("done");
  });
});
