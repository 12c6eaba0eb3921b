import { type Block, context } from "#bot/blocks.ts";
import { when } from "#bot/words.ts";
import type { Incident } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import { escape } from "#bot/escape.ts";

/** Why an incident is told as it is: it was silenced, or nobody was called for it. */
export function renderTelling({ telling = {} }: Pick<Incident, "telling">, now: Instant): Block[] {
  const { silenced, toldAt, callsNobody } = telling;
  const until = Math.min(silenced?.until ?? Infinity, toldAt ?? Infinity);
  const lines = [
    // Not a mention: it would call them, also where nobody is to be called.
    ...(silenced
      ? [
          `:mute: It was silenced until ${when(until, now)} by ${escape(silenced.byName ?? silenced.by, 60)}: ${escape(silenced.reason, 300)}`,
        ]
      : []),
    ...(callsNobody === "quiet-hours" ? ["In quiet hours: nobody was called for it."] : []),
    ...(callsNobody === "storm" ? ["It came in a storm, for which who is on call was called: nobody is called again."] : []),
  ];
  return lines.map(context);
}
