import type { Change, Landing, Rollout } from "#domain/change.ts";
import type { DiagnoseInput } from "#analysis/diagnose.ts";
import type { Instant } from "#domain/workload.ts";
import type { Signals } from "#domain/sample.ts";
import { HOUR, MINUTE, NOON, aFile, aLanding, aRollout, aSha, aSpike, aState, anOwnership, someSignals } from "#test/builders.ts";

/** 200 landings of other people in 72 hours, none of them in the service. */
export function traffic(before: Instant = NOON): Landing[] {
  return Array.from({ length: 200 }, (_, index) => {
    const service = ["cart", "search", "mail", "billing"][index % 4];
    return aLanding({
      sha: aSha(`other ${index}`),
      at: before - 71 * HOUR + index * 21 * MINUTE,
      message: `Work on ${service} ${index}`,
      files: [aFile(`services/${service}/main.go`)],
    });
  });
}

/** A landing of the service and its rollout, built from exactly this commit. */
export function shipped(
  name: string,
  landedAt: Instant,
  rolledOutAt: Instant,
  revision: number,
  over: Partial<Landing> = {},
): { landing: Landing; rollout: Rollout } {
  const landing = aLanding({ sha: aSha(name), at: landedAt, message: name, ...over });
  const rollout = aRollout({ at: rolledOutAt, revision, commit: { sha: landing.sha.slice(0, 12), from: "image-tag" } });
  return { landing, rollout };
}

/** Rollouts know the commit that ran before them. */
export function chained(parts: readonly { landing: Landing; rollout: Rollout }[]): Change[] {
  return parts.flatMap(({ landing, rollout }, index) => {
    const previousCommit = parts[index - 1]?.rollout.commit;
    return [landing, previousCommit ? { ...rollout, previousCommit } : rollout];
  });
}

/** Small deterministic noise, +- 3 %. */
export function jitter(at: Instant): number {
  const x = Math.sin(at / 7_919) * 43_758.5453;
  return 1 + 0.06 * (x - Math.floor(x) - 0.5);
}

/** Cost doubles every so many minutes since a moment. */
export function dearer(since: Instant, doublingMinutes: number, to: Instant = NOON): Signals {
  return someSignals({
    to,
    cost: (at) => 0.01 * jitter(at) * 2 ** (Math.max(0, at - since) / (doublingMinutes * MINUTE)),
    requests: (at) => 600 * jitter(at + 5),
  });
}

/** Old revisions 4 to 6, each of the service, hours and days ago. */
export function olderParts(): { landing: Landing; rollout: Rollout }[] {
  return [
    shipped("Show prices with tax", NOON - 60 * HOUR, NOON - 59 * HOUR, 4),
    shipped("Log less", NOON - 40 * HOUR, NOON - 39 * HOUR, 5),
    shipped("Colour of the button", NOON - 20 * HOUR, NOON - 19 * HOUR, 6),
  ];
}

export function anInput(over: Partial<DiagnoseInput> = {}): DiagnoseInput {
  return {
    spike: aSpike({ startedAt: NOON - 3 * MINUTE, detectedAt: NOON }),
    workload: aState({ desired: 75 }),
    changes: [],
    alerts: [],
    signals: dearer(NOON - 8 * MINUTE, 6),
    ownership: anOwnership(),
    now: NOON + 15_000,
    ...over,
  };
}
