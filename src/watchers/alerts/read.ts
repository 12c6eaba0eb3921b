/** Text of at most `most` characters. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** A name as Kubernetes allows it (RFC 1123 subdomain). */
export function isName(text: string | undefined): text is string {
  return text !== undefined && text.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(text);
}

/** `key:value` and `key=value` words, keys in lower case; values that are no Kubernetes names are left out. */
export function pairsOf(words: readonly string[]): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const word of words) {
    const [, key, value] = /^\s*([\w.-]{1,63})\s*[:=]\s*(\S{1,253})\s*$/.exec(word) ?? [];
    if (key && isName(value)) pairs.set(key.toLowerCase(), value);
  }
  return pairs;
}

/** What an alert is about, where its words name it. */
export function placeOf(said: ReadonlyMap<string, string>): { readonly namespace?: string; readonly workload?: string } {
  return { namespace: said.get("namespace"), workload: said.get("deployment") ?? said.get("workload") ?? said.get("service") };
}
