import type { Ownership } from "#domain/ownership.ts";
import type { WorkloadRef } from "#domain/workload.ts";

export interface OwnershipRule {
  /** `namespace/name` */
  readonly workload: string;
  readonly repository: string;
  readonly paths: readonly string[];
}

export interface KnownRepository {
  readonly name: string;
  readonly branch: string;
}

/** Whose code a workload runs: configuration first, then its annotations, then a directory of its own name. */
export function ownershipOf(
  workload: WorkloadRef,
  annotations: Readonly<Record<string, string>>,
  rules: readonly OwnershipRule[],
  repositories: readonly KnownRepository[],
): Ownership {
  const rule = rules.find((rule) => rule.workload === `${workload.namespace}/${workload.name}`);
  if (rule) return { ...place(rule.repository, repositories), paths: rule.paths.map(asDirectory), from: "configuration" };
  const repository = annotations["k8s-why.dev/repository"];
  const paths = annotations["k8s-why.dev/paths"];
  if (repository && paths)
    return { ...place(repository, repositories), paths: paths.split(",").map(asDirectory), from: "annotation" };
  const only = repositories.length === 1 ? repositories[0] : undefined;
  if (!only) return { paths: [], from: "unknown" };
  return {
    ...place(only.name, repositories),
    paths: ["services", "apps", "cmd", "packages", ""].map((root) => asDirectory(`${root}/${workload.name}`)),
    from: "name",
  };
}

function place(name: string, repositories: readonly KnownRepository[]): { repository: string; branch: string } {
  return { repository: name, branch: repositories.find((repository) => repository.name === name)?.branch ?? "main" };
}

function asDirectory(path: string): string {
  const trimmed = path.trim().replace(/^\/+|\/+$/g, "");
  return trimmed === "" ? "" : `${trimmed}/`;
}
