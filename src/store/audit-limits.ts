import type { ApiCall, AuditEntry } from "#domain/audit.ts";

/** Characters. A record is kept for ever, and much in it is foreign. */
const limits = { key: 300, by: 200, incidentId: 200, stepId: 200, on: 400, text: 1_000 } as const;
const pathLimit = 500;
const callsAtMost = 60;

/** An entry as it is kept: no text longer than its limit, and every text one that any reader of JSON understands. */
export function limited(entry: AuditEntry): AuditEntry {
  const { calls, ...rest } = entry;
  const texts = Object.entries(limits).flatMap(([name, most]) => {
    const text = rest[name as keyof typeof limits];
    return text === undefined ? [] : [[name, cut(text, most)] as const];
  });
  return { ...rest, ...Object.fromEntries(texts), ...(calls && { calls: calls.slice(0, callsAtMost).map(limitedCall) }) };
}

function limitedCall(call: ApiCall): ApiCall {
  return { ...call, method: cut(call.method, 20), path: cut(call.path, pathLimit) };
}

/** Half a surrogate pair is no text for others. */
function cut(text: string, most: number): string {
  return (text.length <= most ? text : `${text.slice(0, most - 1)}…`).toWellFormed();
}
