import type { Change, CommitGuess, ConfigEdit, Landing, OtherChange, Rollout } from "#domain/change.ts";
import type { Instant, WorkloadKey } from "#domain/workload.ts";
import type { Onset } from "./onset.ts";
import type { Ownership } from "#domain/ownership.ts";
import { type Bearing, bearingOf } from "./bearing.ts";
import { type Positions, positionsIn } from "./positions.ts";
import { foreignBearing, foreignChange } from "./foreign-landing.ts";

/** A change that could have done it, with the rollout that brought it to the workload. */
export interface Candidate {
  readonly id: string;
  readonly at: Instant;
  readonly landing?: Landing;
  /** A change that is neither a landing nor a rollout. */
  readonly other?: OtherChange;
  /** A rollout of another workload. */
  readonly elsewhere?: Rollout;
  /** How near it is; set for `other` and `elsewhere` only. */
  readonly bearing?: Bearing;
  /** The first rollout of the workload that holds it (or the rollout itself); absent: not rolled out, or nobody knows. */
  readonly rollout?: Rollout;
  /** How it is known that the rollout holds it. */
  readonly via: "range" | "time" | "itself" | "none";
}

/** Everything that was in place when the climb began, and the rollouts that it arrived by. */
export interface Window {
  readonly candidates: readonly Candidate[];
  /** Of the workload, by time, up to now. */
  readonly rollouts: readonly Rollout[];
  /** The newest that began at or before the onset. */
  readonly preceding?: Rollout;
  /** The one before it, where it began so shortly before that the climb may as well be its. */
  readonly rival?: Rollout;
  /** All landings of the repository up to now, also those after the onset, by time; and the rollout that holds each. */
  readonly landings: readonly Landing[];
  readonly rolloutOf: ReadonlyMap<string, Rollout>;
}

const LEAST_DOUBT_MS = 45_000;
const RIVAL_MS = 6 * 60_000;
/** Of what other workloads did, only so many of the latest are candidates. */
const ELSEWHERE_AT_MOST = 200;

/** A landing belongs to the rollouts of these ids; full shas, where GitHub knew both ends. */
export type Ranges = Readonly<Record<string, readonly string[]>>;

export interface CorrelateInput {
  readonly workload: WorkloadKey;
  readonly changes: readonly Change[];
  readonly ownership: Ownership;
  readonly rangeOf?: Ranges;
  readonly onset: Pick<Onset, "at" | "clearAt">;
  readonly windowMs: number;
  readonly now: Instant;
}

/** What landed or rolled out in the window before the onset, as units. Nothing after the onset is a candidate. */
export function correlate({ workload, changes, ownership, rangeOf = {}, onset, windowMs, now }: CorrelateInput): Window {
  const onsetAt = onset.at;
  const inTime = changes
    .filter((change) => change.at >= onsetAt - windowMs && change.at <= now)
    .toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const rollouts = inTime.filter((change): change is Rollout => change.kind === "rollout" && change.workload === workload);
  const all = inTime.filter((change): change is Landing => change.kind === "landing");
  const repository = ownership.repository ?? repositoryOf(rollouts, all);
  const landings =
    repository === undefined
      ? all
      : all.filter(
          (landing) =>
            landing.repository === repository && (ownership.branch === undefined || landing.branch === ownership.branch),
        );
  const home = assign(rollouts, landings, rangeOf);
  const held = landings
    .filter((landing) => landing.at <= onsetAt)
    .map((landing): Candidate => ({ id: landing.id, at: landing.at, landing, ...(home.get(landing.id) ?? { via: "none" }) }));
  const filled = new Set([...home.values()].map((place) => place.rollout.id));
  const bare = rollouts
    .filter((rollout) => rollout.at <= onsetAt && !filled.has(rollout.id))
    .map((rollout): Candidate => ({ id: rollout.id, at: rollout.at, rollout, via: "itself" }));
  const rolloutOf = new Map([...home].map(([id, { rollout }]) => [id, rollout]));
  return {
    candidates: [...held, ...bare, ...others(inTime, workload, { ...ownership, repository }, onsetAt)],
    rollouts,
    ...beforeClimb(rollouts, onset),
    landings,
    rolloutOf,
  };
}

/** Everything up to the onset that is neither a landing in its repository nor a rollout of the workload, as far as it can concern it. */
function others(changes: readonly Change[], workload: WorkloadKey, ownership: Ownership, onsetAt: Instant): Candidate[] {
  const near: Candidate[] = [];
  const far: Candidate[] = [];
  for (const change of onceTold(changes)) {
    if (change.at > onsetAt) break;
    const other = otherOf(change, workload, ownership);
    if (other) (other.bearing === "elsewhere" ? far : near).push({ id: change.id, at: change.at, ...other, via: "none" });
  }
  return [...near, ...far.slice(-ELSEWHERE_AT_MOST)];
}

function otherOf(
  change: Change,
  workload: WorkloadKey,
  ownership: Ownership,
): Pick<Candidate, "other" | "elsewhere" | "bearing"> | undefined {
  if (change.kind === "landing") {
    const isForeign = ownership.repository !== undefined && change.repository !== ownership.repository;
    return isForeign ? { other: foreignChange(change), bearing: foreignBearing(change, workload) } : undefined;
  }
  if (change.kind === "rollout" && change.workload === workload) return undefined;
  const bearing = bearingOf(change, { workload, ownership });
  if (!bearing) return undefined;
  return { ...(change.kind === "rollout" ? { elsewhere: change } : { other: change }), bearing };
}

/** An edit that was found at a start, by the time that the server kept and without its keys, may have been heard before. */
function onceTold(changes: readonly Change[]): Change[] {
  const isFound = ({ keys, id }: ConfigEdit) => keys.length === 0 && id.endsWith("/found");
  const edits = changes.filter((change) => change.kind === "config-edit");
  const heard = new Set(edits.filter((edit) => !isFound(edit)).map(momentOf));
  return changes.filter((change) => change.kind !== "config-edit" || !isFound(change) || !heard.has(momentOf(change)));
}

function momentOf({ object, namespace = "", name, at }: ConfigEdit): string {
  return `${object}/${namespace}/${name}@${at}`;
}

/**
 * A rollout needs time to start pods and to show in means over a minute. Where the last one began within the uncertainty of
 * the onset, the one before it, if minutes away, is as good.
 */
function beforeClimb(
  rollouts: readonly Rollout[],
  { at, clearAt }: Pick<Onset, "at" | "clearAt">,
): Pick<Window, "preceding" | "rival"> {
  const [preceding, before] = rollouts.filter((rollout) => rollout.at <= at).toReversed();
  const doubt = Math.max(LEAST_DOUBT_MS, clearAt - at);
  // A launch changed nothing that ran before.
  const rival = before && before.revision !== 1 && before.at > at - RIVAL_MS ? before : undefined;
  return { preceding, ...(rival && preceding && preceding.at > at - doubt ? { rival } : {}) };
}

/** The repository in which a rollout's commit landed, where the owner is not known. */
function repositoryOf(rollouts: readonly Rollout[], landings: readonly Landing[]): string | undefined {
  const shas = rollouts.flatMap((rollout) => rollout.commit?.sha ?? []);
  return landings.find((landing) => shas.some((sha) => landing.sha.startsWith(sha)))?.repository;
}

interface Place {
  readonly rollout: Rollout;
  readonly via: "range" | "time";
}

/** Gives each landing the first rollout that holds it: by GitHub's commit range, else by the order of landing and building. */
function assign(rollouts: readonly Rollout[], landings: readonly Landing[], rangeOf: Ranges): Map<string, Place> {
  const home = new Map<string, Place>();
  if (rollouts.length === 0) return home;
  const positionOf = positionsIn(landings);
  for (const rollout of rollouts) {
    const range = rangeOf[rollout.id];
    const held = range ? inRange(landings, range) : inTimeOrder(landings, rollout, positionOf);
    for (const landing of held) if (!home.has(landing.id)) home.set(landing.id, { rollout, via: range ? "range" : "time" });
  }
  return home;
}

function inRange(landings: readonly Landing[], range: readonly string[]): Landing[] {
  const shas = new Set(range);
  return landings.filter((landing) => shas.has(landing.sha));
}

/** What had landed by the rollout's own commit and was not part of the commit that ran before. */
function inTimeOrder(landings: readonly Landing[], rollout: Rollout, positionOf: Positions): Landing[] {
  const built = positionOf(rollout.commit?.sha);
  const before = positionOf(rollout.previousCommit?.sha);
  // A commit of the configuration is not among those of the code.
  if (built === undefined && codeSha(rollout.commit) !== undefined) return [];
  return landings.filter(
    (landing, index) =>
      (built === undefined ? landing.at <= rollout.at : index <= built) && (before === undefined || index > before),
  );
}

/** The sha of a commit of the code; undefined for one of the repository from which Argo CD or Flux deploys. */
export function codeSha(commit: CommitGuess | undefined): string | undefined {
  return commit === undefined || commit.from === "argo" || commit.from === "flux" ? undefined : commit.sha;
}
