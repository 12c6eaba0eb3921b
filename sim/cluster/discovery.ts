import { apiVersionOf, resources, type Resource } from "./resources.ts";

const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

const subresourceKinds: Readonly<Record<string, Record<string, unknown>>> = {
  scale: { group: "autoscaling", version: "v1", kind: "Scale", verbs: ["get", "patch", "update"] },
  eviction: { group: "policy", version: "v1", kind: "Eviction", verbs: ["create"] },
  binding: { kind: "Binding", verbs: ["create"] },
};

/** What `kubectl get all` shows. */
const inAll = new Set(["Pod", "Deployment", "ReplicaSet", "HorizontalPodAutoscaler"]);

/** Resources that answer but hold nothing. */
const reviews = ["SelfSubjectAccessReview", "SubjectAccessReview"].map((kind) => ({
  name: `${kind.toLowerCase()}s`,
  singularName: kind.toLowerCase(),
  namespaced: false,
  kind,
  verbs: ["create"],
}));

/** What the API says of itself at this path, or undefined where it says nothing. */
export function discover(pathname: string): unknown {
  const path = pathname.replace(/\/$/, "");
  const answer = fixed[path];
  if (answer !== undefined) return answer;
  const [, , group, version, ...more] = path.split("/");
  if (!path.startsWith("/apis/") || group === undefined || more.length > 0) return undefined;
  const found = groups().find(({ name }) => name === group);
  if (version === undefined) return found && { kind: "APIGroup", apiVersion: "v1", ...found };
  return found?.versions.some((one) => one.version === version) ? resourceList(`${group}/${version}`) : undefined;
}

function groups() {
  const names = resources.filter(({ group }) => group !== "").map(apiVersionOf);
  return [...new Set([...names, "authorization.k8s.io/v1"])].map((groupVersion) => {
    const [name = "", version = ""] = groupVersion.split("/");
    return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
  });
}

function resourceList(groupVersion: string) {
  const held = resources.filter((resource) => apiVersionOf(resource) === groupVersion).flatMap(describe);
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion,
    resources: groupVersion === "authorization.k8s.io/v1" ? reviews : held,
  };
}

function describe({ plural, singular, namespaced, kind, shortNames, subresources }: Resource) {
  const names = shortNames.length > 0 ? { shortNames } : {};
  const below = subresources.map((name) => ({
    name: `${plural}/${name}`,
    singularName: "",
    namespaced,
    ...(subresourceKinds[name] ?? { kind, verbs: ["get", "patch", "update"] }),
  }));
  const categories = inAll.has(kind) ? { categories: ["all"] } : {};
  return [{ name: plural, singularName: singular, namespaced, kind, verbs, ...names, ...categories }, ...below];
}

const fixed: Readonly<Record<string, unknown>> = {
  "/api": { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] },
  "/api/v1": resourceList("v1"),
  "/apis": { kind: "APIGroupList", apiVersion: "v1", groups: groups() },
  "/version": {
    major: "1",
    minor: "36",
    gitVersion: "v1.36.1-simulated",
    gitCommit: "",
    gitTreeState: "",
    buildDate: "",
    goVersion: "",
    compiler: "",
    platform: "simulated",
  },
  "/healthz": "ok",
  "/livez": "ok",
  "/readyz": "ok",
};
