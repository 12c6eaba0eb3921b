import type { Change, Landing, Rollout } from "#domain/change.ts";
import type { Ownership } from "#domain/ownership.ts";
import type { RepositoryPort } from "#domain/ports/cluster.ts";
import type { RepositoryLayout } from "#domain/layout.ts";
import { type WorkloadRef, type WorkloadState, workloadKey } from "#domain/workload.ts";
import { importsOf } from "#analysis/ownership/imports.ts";
import { inferPaths } from "#analysis/ownership/infer.ts";
import { type Subject, namesOf } from "#analysis/ownership/guess.ts";
import { messageOf } from "#lib/errors.ts";
import type { Log } from "#lib/log.ts";
import type { Memo } from "./memo.ts";

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

const REPOSITORY = "k8s-why.dev/repository";
const PATHS = "k8s-why.dev/paths";
const OWNER = "k8s-why.dev/owner";

/** What people said: configuration first, then the workload's annotations. */
function saidOwnership(
  workload: WorkloadRef,
  annotations: Readonly<Record<string, string>>,
  rules: readonly OwnershipRule[],
  repositories: readonly KnownRepository[],
): Ownership | undefined {
  const rule = rules.find((rule) => rule.workload === `${workload.namespace}/${workload.name}`);
  const why = "as the configuration says";
  if (rule) return { ...place(rule.repository, repositories), paths: rule.paths.map(asDirectory), from: "configuration", why };
  const only = repositories.length === 1 ? repositories[0]?.name : undefined;
  const repository = annotations[REPOSITORY] ?? only;
  const paths = annotations[PATHS];
  if (!repository || !paths) return undefined;
  const said = { paths: paths.split(",").map(asDirectory), from: "annotation" as const, why: "as its annotation says" };
  return { ...place(repository, repositories), ...said };
}

export interface OwnershipOptions {
  readonly verbs: Pick<RepositoryPort, "layout">;
  readonly rules: readonly OwnershipRule[];
  readonly repositories: readonly KnownRepository[];
  /** By repository, head and names. */
  readonly layouts: Memo<RepositoryLayout | undefined>;
  readonly log: Log;
}

/** Whose code a workload runs: what people said; else its repository, and the first source that knows its paths; else a directory of its own name. */
export function createOwnership(
  options: OwnershipOptions,
): (state: WorkloadState, changes: readonly Change[]) => Promise<Ownership> {
  const { rules, repositories } = options;
  return async (state, changes) => {
    const { workload, annotations } = state;
    const said = saidOwnership(workload, annotations, rules, repositories);
    const rollouts = changes.filter((change): change is Rollout => change.kind === "rollout");
    const all = changes.filter((change): change is Landing => change.kind === "landing");
    const name = said?.repository ?? annotations[REPOSITORY] ?? repositoryOf(state, rollouts, all, repositories);
    if (!name) return said ?? { paths: [], from: "unknown" };
    const home = place(name, repositories);
    const landings = all.filter(({ repository, branch }) => repository === home.repository && branch === home.branch);
    const subject = subjectOf(state);
    const layout = await readLayout(options, home, landings, namesOf(subject));
    const guess = said ?? inferPaths(subject, { ...(layout && { layout }), landings, rollouts });
    const paths: Ownership = { ...home, ...(guess ?? byName(workload.name, layout?.directories)) };
    return withImports(paths, subject, layout);
  };
}

function withImports(ownership: Ownership, subject: Subject, layout: RepositoryLayout | undefined): Ownership {
  const imports = layout ? importsOf(subject, layout, ownership.paths) : [];
  return imports.length > 0 ? { ...ownership, imports } : ownership;
}

function subjectOf({ workload, annotations, images }: WorkloadState): Subject {
  const team = annotations[OWNER];
  return { workload, images: images.map(({ image }) => image), ...(team !== undefined && { team }) };
}

/** The only one there is; else that in which a commit of its rollouts landed. */
function repositoryOf(
  { workload }: WorkloadState,
  rollouts: readonly Rollout[],
  landings: readonly Landing[],
  repositories: readonly KnownRepository[],
): string | undefined {
  if (repositories.length === 1) return repositories[0]?.name;
  const key = workloadKey(workload);
  const shas = rollouts.filter((rollout) => rollout.workload === key).flatMap(({ commit }) => commit?.sha ?? []);
  return landings.find(({ sha }) => shas.some((short) => sha.startsWith(short)))?.repository;
}

/** Once a repository and head; without it, the other sources must do. */
async function readLayout(
  { verbs, layouts, log }: OwnershipOptions,
  { repository, branch }: ReturnType<typeof place>,
  landings: readonly Landing[],
  names: readonly string[],
): Promise<RepositoryLayout | undefined> {
  const head = landings.at(-1)?.sha ?? branch;
  try {
    return await layouts(`${repository}@${head} ${names.join(" ")}`, () => verbs.layout(repository, head, names));
  } catch (error) {
    log.warn({ repository, head, error: messageOf(error) }, "Cannot read how a repository is laid out");
    return undefined;
  }
}

/** Where the directories are known, those that end in its name; else where they usually are. */
function byName(name: string, directories: readonly string[] = []): Pick<Ownership, "paths" | "from" | "why"> {
  const there = directories.filter((directory) => directory.split("/").at(-2) === name).slice(0, DIRECTORIES_AT_MOST);
  const usual = ["services", "apps", "cmd", "packages", ""].map((root) => asDirectory(`${root}/${name}`));
  return { paths: there.length > 0 ? there : usual, from: "name", why: "a directory of its name" };
}

const DIRECTORIES_AT_MOST = 8;

function place(name: string, repositories: readonly KnownRepository[]): { repository: string; branch: string } {
  return { repository: name, branch: repositories.find((repository) => repository.name === name)?.branch ?? "main" };
}

function asDirectory(path: string): string {
  const trimmed = path.trim().replace(/^\/+|\/+$/g, "");
  return trimmed === "" ? "" : `${trimmed}/`;
}
