import { isDeepStrictEqual } from "node:util";

/** Parsed JSON. */
export type Node = unknown;
type Dict = Readonly<Record<string, Node>>;

/** One value that differs. */
export interface Leaf {
  /** Whose it is, e.g. `container app`, `annotations`. */
  readonly place: string;
  /** Within its place: `image`, `resources.requests.cpu`, `ports[http].containerPort`. */
  readonly path: string;
  /** Undefined: it is only in the other. */
  readonly before: Node;
  readonly after: Node;
  /** Its value is nobody's business: the environment, and what is like it. */
  readonly hidden: boolean;
}

/** What differs between two pod templates: containers first, then the pod, labels and annotations. Unknown fields too. */
export function leavesOf(from: Node, to: Node): Leaf[] {
  const [before, after] = [dictOf(from), dictOf(to)];
  const [oldSpec, newSpec] = [dictOf(before["spec"]), dictOf(after["spec"])];
  const [oldMeta, newMeta] = [dictOf(before["metadata"]), dictOf(after["metadata"])];
  return [
    ...containers("container", oldSpec["containers"], newSpec["containers"]),
    ...containers("init container", oldSpec["initContainers"], newSpec["initContainers"]),
    ...walk("pod", without(oldSpec, ["containers", "initContainers"]), without(newSpec, ["containers", "initContainers"])),
    ...entries("labels", oldMeta["labels"], newMeta["labels"]),
    ...entries("annotations", oldMeta["annotations"], newMeta["annotations"]),
    ...walk("metadata", without(oldMeta, ["labels", "annotations"]), without(newMeta, ["labels", "annotations"])),
    ...walk("template", without(before, ["metadata", "spec"]), without(after, ["metadata", "spec"])),
  ];
}

function containers(what: string, from: Node, to: Node): Leaf[] {
  const [before, after] = [byKey(listOf(from), "name"), byKey(listOf(to), "name")];
  if (!before || !after) return walk(`${what}s`, from, to);
  return union(Object.keys(after), Object.keys(before)).flatMap((name) =>
    walk(`${what} ${name}`, without(dictOf(before[name]), ["name"]), without(dictOf(after[name]), ["name"])),
  );
}

/** Labels and annotations: their names hold dots. */
function entries(place: string, from: Node, to: Node): Leaf[] {
  const [before, after] = [dictOf(from), dictOf(to)];
  return union(Object.keys(before), Object.keys(after))
    .toSorted()
    .flatMap((key) => walk(place, before[key], after[key], key));
}

/** Everything below these is hidden: values that are given to the program, and headers. */
const HIDDEN = new Set(["envFrom", "httpHeaders", "volumeAttributes", "flexVolume"]);

function walk(place: string, from: Node, to: Node, path = ""): Leaf[] {
  if (isDeepStrictEqual(from, to)) return [];
  const [kind, other] = [kindOf(from), kindOf(to)];
  if (kind === "none" || other === "none" || kind === other) return walkAlike(place, from, to, path);
  return [...walk(place, from, undefined, path), ...walk(place, undefined, to, path)];
}

function walkAlike(place: string, from: Node, to: Node, path: string): Leaf[] {
  const kind = kindOf(from ?? to);
  const name = path.slice(path.lastIndexOf(".") + 1);
  if (HIDDEN.has(name)) return [leaf(place, path, from, to, true)];
  if (kind === "list") return walkLists(place, listOf(from), listOf(to), path);
  if (kind !== "dict") return [leaf(place, path, from, to)];
  const [before, after] = [dictOf(from), dictOf(to)];
  return union(Object.keys(before), Object.keys(after))
    .toSorted(inManifestOrder)
    .flatMap((key) => walk(place, before[key], after[key], path === "" ? key : `${path}.${key}`));
}

function walkLists(place: string, before: readonly Node[], after: readonly Node[], path: string): Leaf[] {
  const isEnvironment = /(?:^|\.)env$/.test(path);
  if (!isEnvironment && [...before, ...after].every((item) => kindOf(item) === "scalar"))
    return texts(place, before, after, path);
  const [old, now] = keyed(before, after);
  return union(Object.keys(old), Object.keys(now)).flatMap((key) => {
    if (!isEnvironment) return walk(place, old[key], now[key], `${path}[${key}]`);
    return isDeepStrictEqual(old[key], now[key]) ? [] : [leaf(place, `${path} ${key}`, old[key], now[key], true)];
  });
}

/** Arguments and the like: which ones go and come; what follows `--password` is hidden. */
function texts(place: string, before: readonly Node[], after: readonly Node[], path: string): Leaf[] {
  const gone = missing(before, after).map((index) => leaf(place, path, before[index], undefined, followsSecret(before, index)));
  const come = missing(after, before).map((index) => leaf(place, path, undefined, after[index], followsSecret(after, index)));
  const both = [...gone, ...come];
  return both.length > 0 ? both : [leaf(place, `${path} (order)`, before, after, true)];
}

/** Positions in `some` of what is more often there than in `others`. */
function missing(some: readonly Node[], others: readonly Node[]): number[] {
  const left = new Map<Node, number>();
  for (const other of others) left.set(other, (left.get(other) ?? 0) + 1);
  return some.flatMap((item, index) => {
    const count = left.get(item) ?? 0;
    left.set(item, count - 1);
    return count > 0 ? [] : [index];
  });
}

function followsSecret(items: readonly Node[], index: number): boolean {
  const flag = items[index - 1];
  return typeof flag === "string" && /^-{1,2}[\w-]{0,40}(?:pass|secret|token|key|cred|auth|user)[\w-]{0,40}$/i.test(flag);
}

/** Items by what names them, where that tells them apart on both sides; else by their place. */
function keyed(before: readonly Node[], after: readonly Node[]): [Dict, Dict] {
  for (const name of ["name", "mountPath", "containerPort", "key", "topologyKey"]) {
    const [old, now] = [byKey(before, name), byKey(after, name)];
    if (old && now) return [old, now];
  }
  return [Object.fromEntries(Object.entries(before)), Object.fromEntries(Object.entries(after))];
}

/** Undefined where a name is missing, or twice there. */
function byKey(items: readonly Node[], name: string): Dict | undefined {
  const found = new Map(items.map((item) => [textOf(dictOf(item)[name]), item]));
  return found.size === items.length && !found.has("") ? Object.fromEntries(found) : undefined;
}

/** A scalar as it stands in a manifest; empty where it is none. */
export function textOf(value: Node): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? `${value}` : "";
}

/** As people write a container; what is not here comes after it, by name. */
const ORDER = ["name", "image", "imagePullPolicy", "command", "args", "workingDir", "ports", "envFrom", "env", "resources"];

function inManifestOrder(a: string, b: string): number {
  const place = (key: string) => (ORDER.includes(key) ? ORDER.indexOf(key) : ORDER.length);
  return place(a) - place(b) || (a < b ? -1 : 1);
}

function leaf(place: string, path: string, before: Node, after: Node, hidden = false): Leaf {
  return { place, path, before, after, hidden };
}

function kindOf(value: Node): "none" | "scalar" | "list" | "dict" {
  if (value === undefined || value === null) return "none";
  if (Array.isArray(value)) return "list";
  return typeof value === "object" ? "dict" : "scalar";
}

function dictOf(value: Node): Dict {
  return kindOf(value) === "dict" ? (value as Dict) : {};
}

function listOf(value: Node): readonly Node[] {
  return Array.isArray(value) ? value : [];
}

function without(dict: Dict, names: readonly string[]): Dict {
  return Object.fromEntries(Object.entries(dict).filter(([key]) => !names.includes(key)));
}

function union(some: readonly string[], others: readonly string[]): string[] {
  return [...new Set([...some, ...others])];
}
