import { namespaceOf } from "./manifests.ts";
import type { Scene } from "./scene.ts";
import type { Manifest } from "./story.ts";

/** CPU seconds that a name takes. */
const costOfName = 0.0002;

/** The cluster's name server, as kubeadm sets it up. */
export function resolverOf(scene: Scene): {
  readonly spec: { readonly namespace: string; readonly name: string };
  readonly objects: readonly Manifest[];
} {
  const [namespace, name] = ["kube-system", "coredns"];
  const labels = { "k8s-app": "kube-dns", "kubernetes.io/name": "CoreDNS" };
  const callers = [scene.service, ...scene.others];
  const names = callers.reduce((sum, { requestsPerSecond }) => sum + 2 * requestsPerSecond, 0);
  const resources = { limits: { memory: "170Mi" }, requests: { cpu: "100m", memory: "70Mi" } };
  const image = "registry.k8s.io/coredns/coredns:v1.12.1";
  const deployment: Manifest = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name,
      namespace,
      labels,
      annotations: {
        "deployment.kubernetes.io/revision": "3",
        "load/requests-per-second": String(names),
        "load/daily-swing": "0.05",
        "load/metrics": "coredns_dns",
      },
    },
    spec: {
      replicas: 3,
      selector: { matchLabels: { "k8s-app": "kube-dns" } },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 1 } },
      template: {
        metadata: { labels, annotations: { "load/cpu-per-request": String(costOfName) } },
        spec: { priorityClassName: "system-cluster-critical", containers: [{ name, image, resources }] },
      },
    },
  };
  return { spec: { namespace, name }, objects: [namespaceOf(namespace), deployment] };
}
