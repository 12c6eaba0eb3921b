import { type IllnessKind, illnessTroubles } from "#domain/illness.ts";
import type { Incident } from "#domain/incident.ts";
import type { Trouble } from "#domain/spike.ts";
import { type Told, toldIn } from "#domain/told.ts";
import { placeRef } from "#domain/workload.ts";
import type { Preview } from "#domain/order.ts";
import {
  MINUTE,
  NOON,
  aConfigEdit,
  aDiagnosis,
  aLanding,
  aReport,
  aRollout,
  aSituation,
  aSpike,
  aStep,
  aSuspect,
  anIncident,
  shopWeb,
} from "#test/builders.ts";

/** Numbers from 0 to 1, the same for a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const pieces = [
  "<!channel>", "<!here>", "<!everyone>", "<@U0NINA>", "<https://evil.example|click>", "<!date^1^{time}|x>", "<!subteam^S1>", "&lt;!channel&gt;", "&", "<", ">", "|",
  "`", "```", "*", "_", "~", "\n", "\r\n", "\t", "\u2028", "\u0000", "\u202e", "\u2066", "\u200b", "\ufeff", "\u{e0041}", "😀", "👨‍👩‍👧", "é", "e\u0301\u0301\u0301\u0301\u0301\u0301", "\ud800", "\udc00",
  "@channel", "@here", ":rotating_light:", "feat: something", "x".repeat(300), " ", "日本語", "مرحبا", '"', "\\", "{", "}", "<!channel", "!channel>",
]; // prettier-ignore

/** Text that people and tools would rather not send. */
export function nasty(random: () => number, most = 40): string {
  const count = Math.floor(random() * most);
  return Array.from({ length: count }, () => pieces[Math.floor(random() * pieces.length)] ?? "").join("");
}

/** An incident in which every foreign string is nasty, and every list long. */
export function nastyIncident(random: () => number, most = 40): Incident {
  const text = () => nasty(random, most);
  const evidence = Array.from({ length: 12 }, (_, index) => ({
    kind: text(),
    for: index % 3 > 0,
    weight: random(),
    text: text(),
  }));
  const landing = aLanding({
    author: { name: text(), email: text() },
    message: text(),
    url: random() < 0.5 ? text() : `https://github.example/a/b/commit/${"a".repeat(40)}?${text()}`,
    repository: text(),
    pullRequest: 12,
    filesTotal: 3000,
  });
  const images = [{ container: text(), image: text() }];
  const report = aReport({ title: text(), by: text(), url: random() < 0.5 ? text() : `https://ci.example/?${text()}` });
  const edit = aConfigEdit({ name: text(), namespace: text(), keys: Array.from({ length: 50 }, text), tool: text() });
  const suspects = [
    aSuspect({ subject: { kind: "landing", landing }, evidence, probability: 0.4 }),
    aSuspect({
      subject: { kind: "rollout", rollout: aRollout({ images, commit: { sha: text(), from: "image-tag" } }) },
      evidence,
      probability: 0.3,
    }),
    aSuspect({ subject: { kind: "other", change: random() < 0.5 ? report : edit }, evidence, probability: 0.2 }),
    aSuspect({ subject: { kind: "landing", landing }, evidence, probability: 0.1 }),
  ];
  const states = ["ready", "failed", "waiting", "running", "done", "needless"] as const;
  return anIncident({
    id: `inc-${"a".repeat(20)}`,
    ...nastyTrouble(random, text),
    status: (["open", "mitigated", "recovered", "settled"] as const)[Math.floor(random() * 4)] ?? "open",
    now: aSituation({ ceilingAt: NOON + 50 * MINUTE, total: 100, ready: Math.floor(random() * 76) }),
    diagnosis: aDiagnosis({
      suspects,
      named: random() < 0.7,
      noneEvidence: evidence,
      compareUrl: `https://github.example/${text()}`,
      ownUrls: [{ path: text(), url: `https://github.example/${text()}` }],
      between: { all: 12, own: 1 },
      rollbackSafety: {
        verdict: (["needs-down-migration", "fix-forward", "unknown"] as const)[Math.floor(random() * 3)] ?? "unknown",
        statements: Array.from({ length: 30 }, () => ({ path: text(), text: text(), destructive: random() < 0.8 })),
        migrations: Array.from({ length: 3000 }, text),
        reason: text(),
      },
    }),
    plan: states.map((state, index) =>
      aStep({
        id: `s${index}`,
        kind: (["cap", "rollback", "drain"] as const)[index % 3] ?? "cap",
        state,
        summary: text(),
        waitingFor: text(),
        outcome: text(),
        by: text(),
        at: NOON,
      }),
    ),
    timeline: Array.from({ length: 500 }, (_, index) => ({
      id: String(index),
      at: NOON + index * MINUTE,
      kind: "landing" as const,
      text: text(),
    })),
  });
}

/** Its subject, its troubles and what is ill, at random. */
function nastyTrouble(random: () => number, text: () => string): Partial<Incident> {
  const pick = <T>(of: readonly T[], first: T): T => of[Math.floor(random() * of.length)] ?? first;
  const kinds = Object.keys(illnessTroubles) as IllnessKind[];
  const trouble = pick<Trouble>(["runaway", "above-ceiling", "rollout-failing", "autoscaler-ill", "cluster"], "runaway");
  const workload = { ...shopWeb, namespace: "n".repeat(63), name: random() < 0.5 ? "w".repeat(253) : text() };
  const illnesses = Array.from({ length: Math.floor(random() * 9) }, () => ({
    kind: pick(kinds, "flapping"),
    since: NOON,
    toldAt: NOON,
    value: 5,
    usual: 0,
    text: text(),
  }));
  return {
    workload: trouble === "cluster" ? placeRef(text(), random() < 0.5 ? "" : text()) : workload,
    spike: aSpike({ trouble, reason: text() }),
    also: [aSpike({ trouble: "autoscaler-ill", reason: text() }), aSpike({ trouble: "rollout-failing", reason: text() })],
    illnesses,
  };
}

/** A preview with nasty texts. */
export function nastyPreview(random: () => number): Preview {
  const texts = () => Array.from({ length: 30 }, () => nasty(random));
  return {
    at: NOON,
    intent: { kind: "drain", cluster: "prod", nodes: [] },
    effects: texts(),
    changes: texts().map((what) => ({ what, before: nasty(random), after: nasty(random) })),
    warnings: texts(),
    dryRun: "accepted",
  };
}

/** Who is told, with nasty names, and ids that are none. */
export function nastyTold(random: () => number): Told {
  const people = () =>
    ["S0OPS", "U0NINA", "C0TEAM", nasty(random), undefined].map((id) => ({ ...(id && { id }), name: nasty(random) }));
  return {
    ...toldIn("C0INCIDENTS"),
    onCall: people(),
    onCallNote: nasty(random),
    author: { id: "U0OTTO", name: nasty(random), suspect: nasty(random) },
    owners: people(),
  };
}
