import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  AppsV1Api,
  AutoscalingV2Api,
  CoreV1Api,
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
  setHeaderOptions,
} from "@kubernetes/client-node";
import { parseAllDocuments } from "yaml";

/** The administrator's hands on the cluster. */
export interface Admin {
  readonly config: KubeConfig;
  readonly apps: AppsV1Api;
  readonly core: CoreV1Api;
  readonly autoscaling: AutoscalingV2Api;
  apply(objects: readonly KubernetesObject[]): Promise<void>;
}

/** Connects with an administrator's kubeconfig. */
export function connectAdmin(kubeconfig: string): Admin {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const any = KubernetesObjectApi.makeApiClient(config);
  return {
    config,
    apps: config.makeApiClient(AppsV1Api),
    core: config.makeApiClient(CoreV1Api),
    autoscaling: config.makeApiClient(AutoscalingV2Api),
    async apply(objects) {
      for (const object of objects) await any.patch(object, undefined, undefined, "story", true, PatchStrategy.ServerSideApply);
    },
  };
}

/** The objects of a YAML text. */
export function objectsOf(yaml: string): KubernetesObject[] {
  return parseAllDocuments(yaml).map((document) => document.toJS() as KubernetesObject);
}

const account = { name: "k8s-why", namespace: "k8s-why" };
const rights = new Set(["Namespace", "ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "ConfigMap"]);

/**
 * Gives the program what `deploy/k8s-why.yaml` gives it, and the writing role in `namespace` as its head says; no more.
 * Resolves with the path of a kubeconfig that holds nothing but the service account's token.
 */
export async function grantAccess(admin: Admin, namespace: string, folder: string): Promise<string> {
  const manifest = await readFile(join(import.meta.dirname, "..", "..", "..", "deploy", "k8s-why.yaml"), "utf8");
  await admin.apply(objectsOf(manifest).filter(({ kind }) => rights.has(kind ?? "")));
  await admin.apply([
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: "k8s-why-act", namespace },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "k8s-why-act" },
      subjects: [{ kind: "ServiceAccount", ...account }],
    } as KubernetesObject,
  ]);
  const { status } = await admin.core.createNamespacedServiceAccountToken({
    ...account,
    body: { spec: { audiences: [], expirationSeconds: 6 * 3_600 } },
  });
  const cluster = admin.config.getCurrentCluster();
  if (!status || !cluster) throw new Error("Cannot give the program a token: the cluster gave none");
  const config = new KubeConfig();
  config.loadFromClusterAndUser(cluster, { name: "k8s-why", token: status.token });
  const file = join(folder, "kubeconfig.json");
  await writeFile(file, config.exportConfig(), { mode: 0o600 });
  return file;
}

/** What a pipeline does: the new image, and what its code costs; nothing else of the Deployment. */
export async function rollOut(
  { apps }: Admin,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  image: string,
  annotations: Readonly<Record<string, string>>,
): Promise<void> {
  const body = { spec: { template: { metadata: { annotations }, spec: { containers: [{ name: "app", image }] } } } };
  await apps.patchNamespacedDeployment(
    { namespace, name, body, fieldManager: "pipeline" },
    setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch),
  );
}
