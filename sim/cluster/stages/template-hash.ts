import type { PodTemplate } from "./kinds.ts";

const alphabet = "bcdfghjklmnpqrstvwxz2456789";
const known = new WeakMap<PodTemplate, string>();

/** The label that a Deployment puts on its ReplicaSets. */
export const hashLabel = "pod-template-hash";

/** The `pod-template-hash` of a template; two templates are equal when it is. The label itself does not count. */
export function hashOfTemplate(template: PodTemplate): string {
  const cached = known.get(template);
  if (cached) return cached;
  const { [hashLabel]: _, ...labels } = template.metadata?.labels ?? {};
  const metadata = { labels, annotations: template.metadata?.annotations ?? {} };
  const text = String(fnv1a(canonical({ metadata, spec: template.spec })));
  const hash = text.replaceAll(/./g, (letter) => alphabet[letter.charCodeAt(0) % alphabet.length] ?? "");
  known.set(template, hash);
  return hash;
}

/** The template with the label that tells its pods from those of other revisions. */
export function withHash(template: PodTemplate, hash: string): PodTemplate {
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  return { ...template, metadata: { ...template.metadata, labels } };
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${key}:${canonical(inner)}`)
    .join(",")}}`;
}
