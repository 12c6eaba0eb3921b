import type { ConfigEdit } from "#domain/change.ts";
import type { Instant, WorkloadKey } from "#domain/workload.ts";
import { type ConfigObject, changedKeys } from "./config-object.ts";
import { type ConfigRefs, configRefsOf, lastingName } from "./config-refs.ts";
import { momentOf } from "./edits.ts";

/** Edits of objects that workloads depend on, and who depends on what. */
export interface ConfigEdits {
  /** A workload runs this pod template. */
  readonly uses: (workload: WorkloadKey, template: unknown) => void;
  readonly usesNothing: (workload: WorkloadKey) => void;
  readonly object: (next: ConfigObject, old: ConfigObject | undefined) => void;
  readonly objectGone: (old: ConfigObject) => void;
  /** All workloads are known: until then nobody can say who uses what. */
  readonly workloadsKnown: () => void;
  /** All objects of a kind are listed: what comes now is new. */
  readonly begin: (object: ConfigObject["object"], held: Iterable<ConfigObject>) => void;
}

export interface ConfigEditsOptions {
  readonly cluster: string;
  readonly now: () => Instant;
  readonly emit: (change: ConfigEdit) => void;
}

interface State extends ConfigEditsOptions {
  readonly refs: Map<WorkloadKey, ConfigRefs>;
  readonly begun: Set<ConfigObject["object"]>;
  /** What a name last held: of replaced and of generated objects, by lasting name; the oldest goes first. */
  readonly last: Map<string, ConfigObject>;
  /** Moments of the latest edits by object: what is written all the time is a state, not a setting. */
  readonly busy: Map<string, readonly Instant[]>;
  /** What was found at the start and waits for the workloads; undefined once they are known. */
  waiting: (() => void)[] | undefined;
}

const KEYS_TOLD = 50;
const USERS_TOLD = 50;
const LAST_AT_MOST = 5_000;
const BUSY_MS = 10 * 60_000;
const BUSY_EDITS = 5;
/** At the start: edits so long ago are told, by what managedFields say, and at most so many. */
const SINCE_MS = 30 * 24 * 3_600_000;
const TOLD_AT_START = 500;

/** Starts nothing. */
export function createConfigEdits(options: ConfigEditsOptions): ConfigEdits {
  const state: State = { ...options, refs: new Map(), begun: new Set(), last: new Map(), busy: new Map(), waiting: [] };
  return {
    uses: (workload, template) => {
      const refs = configRefsOf(template);
      if (refs.configMaps.length === 0 && !refs.priorityClass) state.refs.delete(workload);
      else state.refs.set(workload, refs);
    },
    usesNothing: (workload) => void state.refs.delete(workload),
    object: (next, old) => take(state, next, old),
    objectGone: (old) => {
      remember(state, old);
      // A generated object that is pruned says nothing: its successor was told.
      if (state.begun.has(old.object) && lastingName(old.name) === old.name)
        tell(state, old, { what: "deleted", keys: [], at: state.now() });
    },
    workloadsKnown: () => {
      const waiting = state.waiting ?? [];
      state.waiting = undefined;
      for (const tellFound of waiting) tellFound();
    },
    begin: (object, held) => begin(state, object, held),
  };
}

function take(state: State, next: ConfigObject, old: ConfigObject | undefined): void {
  const before = old ?? state.last.get(placeOf(next));
  remember(state, next);
  if (!state.begun.has(next.object)) return;
  const now = state.now();
  if (!before) return tell(state, next, { what: "created", keys: [], at: timely(next.createdAt, now) });
  const keys = changedKeys(before.digests, next.digests);
  if (keys.length === 0 && old) return;
  const at = old ? momentOf(next.editedBy, old.editedBy, now) : timely(next.createdAt, now);
  tell(state, next, { what: old || keys.length > 0 ? "edited" : "created", keys, at });
}

/** What was written while nobody watched: when, and by which tool, but not which keys. */
function begin(state: State, object: ConfigObject["object"], held: Iterable<ConfigObject>): void {
  if (state.begun.has(object)) return;
  state.begun.add(object);
  const now = state.now();
  const written = [...held]
    .map((item) => ({ item, at: item.editedBy?.at ?? item.createdAt }))
    .filter(({ at }) => at > now - SINCE_MS && at <= now)
    .toSorted((a, b) => a.at - b.at);
  const tellFound = () => {
    for (const { item, at } of written.slice(-TOLD_AT_START)) {
      const what = at - item.createdAt <= 1_000 ? "created" : "edited";
      state.emit(toEdit(state, item, { what, keys: [], at }, "/found"));
    }
  };
  if (state.waiting) state.waiting.push(tellFound);
  else tellFound();
}

type Said = Pick<ConfigEdit, "what" | "keys" | "at">;

function tell(state: State, item: ConfigObject, said: Said): void {
  const key = placeOf(item);
  const recent = [...(state.busy.get(key) ?? []).filter((at) => at > state.now() - BUSY_MS), state.now()];
  state.busy.delete(key);
  state.busy.set(key, recent.slice(-BUSY_EDITS - 1));
  if (state.busy.size > LAST_AT_MOST) state.busy.delete(state.busy.keys().next().value ?? "");
  if (recent.length <= BUSY_EDITS) state.emit(toEdit(state, item, said, ""));
}

function toEdit(state: State, item: ConfigObject, { what, keys, at }: Said, suffix: string): ConfigEdit {
  const { object, namespace, name, uid, editedBy } = item;
  return {
    kind: "config-edit",
    id: `config-edit/${state.cluster}/${object}/${namespace ?? ""}/${name}/${uid}/${what}/${at}${suffix}`,
    at,
    cluster: state.cluster,
    object,
    ...(namespace !== undefined && { namespace }),
    name,
    what,
    keys: keys.slice(0, KEYS_TOLD).map((key) => key.slice(0, 200)),
    usedBy: usersOf(state, item),
    ...(editedBy && what !== "deleted" && { tool: editedBy.tool }),
  };
}

function usersOf(state: State, { object, namespace, name }: ConfigObject): WorkloadKey[] {
  const users: WorkloadKey[] = [];
  if (object !== "ConfigMap" && object !== "PriorityClass") return users;
  const lasting = lastingName(name);
  const prefix = namespace === undefined ? `${state.cluster}/` : `${state.cluster}/${namespace}/`;
  for (const [workload, refs] of state.refs) {
    if (!workload.startsWith(prefix)) continue;
    const isUser =
      object === "PriorityClass"
        ? refs.priorityClass === name
        : refs.configMaps.some((used) => used === name || lastingName(used) === lasting);
    if (isUser && users.push(workload) >= USERS_TOLD) break;
  }
  return users.toSorted();
}

function remember(state: State, item: ConfigObject): void {
  const key = placeOf(item);
  state.last.delete(key);
  state.last.set(key, item);
  if (state.last.size > LAST_AT_MOST) state.last.delete(state.last.keys().next().value ?? "");
}

function placeOf({ object, namespace, name }: ConfigObject): string {
  return `${object}/${namespace ?? ""}/${lastingName(name)}`;
}

/** The server's clock may be a little ahead of ours. */
function timely(at: Instant, now: Instant): Instant {
  return Math.min(at, now);
}
