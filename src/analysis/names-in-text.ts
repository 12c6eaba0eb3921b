import type { WorkloadKey } from "#domain/workload.ts";

/** What looks like a name, or several with slashes between. */
const WORD = /[a-z0-9](?:[a-z0-9._/-]{0,398}[a-z0-9])?/g;
const MOST_CHARACTERS = 20_000;
/** How pods of Deployments, StatefulSets and DaemonSets end; Kubernetes leaves out of its random letters those that make words (apimachinery, util/rand). */
const POD_ENDS = [/-[a-z0-9]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$/, /-\d{1,4}$/, /-[bcdfghjklmnpqrstvwxz2456789]{5}$/];

/**
 * The workloads that a text written by people or tools names, written out: with their namespace, by one of their pods, or by their bare
 * name. Only those named most clearly: of two in different namespaces, the one whose namespace stands there too. By key.
 */
export function namesInText(keys: readonly WorkloadKey[], text: string): WorkloadKey[] {
  const words = new Set(text.slice(0, MOST_CHARACTERS).toLowerCase().match(WORD) ?? []);
  const parts = new Set([...words].flatMap((word) => word.split("/")));
  const pods = new Set(
    [...parts].flatMap((word) => POD_ENDS.map((end) => word.replace(end, "")).filter((name) => name !== word)),
  );
  const ranked = keys.map((key) => ({ key, clear: clearness(key, words, parts, pods) }));
  const clearest = Math.max(0, ...ranked.map(({ clear }) => clear));
  return clearest === 0
    ? []
    : ranked
        .filter(({ clear }) => clear === clearest)
        .map(({ key }) => key)
        .toSorted();
}

type Words = ReadonlySet<string>;

function clearness(key: WorkloadKey, words: Words, parts: Words, pods: Words): number {
  const [, namespace = "", ...rest] = key.toLowerCase().split("/");
  const name = rest.join("/");
  if (name === "") return 0;
  if (words.has(key.toLowerCase()) || words.has(`${namespace}/${name}`)) return 4;
  const isPod = pods.has(name);
  if (!isPod && !parts.has(name)) return 0;
  if (parts.has(namespace)) return 3;
  // A bare name of two letters is more likely a word.
  return isPod ? 2 : Number(name.length > 2);
}
