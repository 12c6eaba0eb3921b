/** What a pod template depends on that is not in it. */
export interface ConfigRefs {
  /** Names of ConfigMaps, in the workload's namespace, as the template writes them. */
  readonly configMaps: readonly string[];
  readonly priorityClass?: string;
}

interface Container {
  readonly env?: readonly { readonly valueFrom?: { readonly configMapKeyRef?: Named } }[];
  readonly envFrom?: readonly { readonly configMapRef?: Named }[];
}

interface Named {
  readonly name?: string;
}

interface PodSpec {
  readonly priorityClassName?: string;
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
}

interface Volume {
  readonly configMap?: Named;
  readonly projected?: { readonly sources?: readonly { readonly configMap?: Named }[] };
}

/** Kustomize ends the names of generated ConfigMaps in ten letters of this alphabet (kustomize api/hasher, encode). */
const HASHED = /-[2456789bcdfghkmt]{10}$/;

/** Reads volumes (projected ones too), envFrom and env of all containers, and the priority class. Pure. */
export function configRefsOf(template: unknown): ConfigRefs {
  const spec = (template as { readonly spec?: PodSpec } | undefined)?.spec ?? {};
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  const named = [...(spec.volumes ?? []).flatMap(ofVolume), ...containers.flatMap(ofContainer)];
  const configMaps = [...new Set(named.flatMap((one) => one?.name || []))].toSorted();
  return spec.priorityClassName ? { configMaps, priorityClass: spec.priorityClassName } : { configMaps };
}

function ofVolume({ configMap, projected }: Volume): (Named | undefined)[] {
  return [configMap, ...(projected?.sources ?? []).map((source) => source.configMap)];
}

function ofContainer({ env = [], envFrom = [] }: Container): (Named | undefined)[] {
  return [...envFrom.map((source) => source.configMapRef), ...env.map((one) => one.valueFrom?.configMapKeyRef)];
}

/** The name that stays when a generated ConfigMap's content changes: `settings` of `settings-7f8b6c9d2k`. */
export function lastingName(name: string): string {
  return name.replace(HASHED, "");
}
