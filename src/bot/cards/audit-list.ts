import type { AuditRecord } from "#domain/audit.ts";
import type { Card } from "#bot/blocks.ts";
import { section } from "#bot/blocks.ts";
import type { Instant } from "#domain/workload.ts";
import { code, escape } from "#bot/escape.ts";
import { fitLines } from "#bot/fit.ts";
import { people, when } from "#bot/words.ts";

/** The newest records, newest first, of `about` alone where somebody asked for that; names and texts in them are foreign. */
export function renderAudit(records: readonly AuditRecord[], now: Instant, about?: string): Card {
  const title = `What was done of late${about === undefined ? "" : `: ${escape(about, 100)}`}`;
  if (records.length === 0)
    return { text: title, blocks: [section(about === undefined ? "Nothing is on record." : nothingOf(about))] };
  const lines = records.map(({ seq, at, what, by, on, stepId, text }) => {
    const place = on === undefined ? "" : ` · ${escape(on.split("/").slice(1).join("/"), 80)}`;
    const step = stepId === "-" ? "" : ` · ${escape(stepId.startsWith("verdict/") ? "verdict" : stepId, 40)}`;
    return `${seq}. ${when(at, now)} *${escape(what, 20)}*${step}${place} · ${people(by)}${text === "" ? "" : `: ${escape(withShortDigests(text), 160)}`}`;
  });
  return { text: title, blocks: [section(`*${title}*\n${fitLines(lines, 2_700)}`)] };
}

/** Of what was approved the beginning of its digest will do; `k8s-why audit export` has it whole. */
function withShortDigests(text: string): string {
  return text.replace(/\b([0-9a-f]{8})[0-9a-f]{56}\b/g, "$1…");
}

/** Only the newest are looked through: that nothing is there at all cannot be said. */
function nothingOf(about: string): string {
  return `Nothing about ${code(about, 100)} is among the newest records. \`k8s-why audit export\` has all.`;
}
