import type { Incident, TimelineEntry } from "#domain/incident.ts";
import type { Sample } from "#domain/sample.ts";
import {
  MINUTE,
  NOON,
  SECOND,
  aDiagnosis,
  aLanding,
  aSituation,
  aSpike,
  aSuspect,
  aUsual,
  anIncident,
  shopWeb,
} from "#test/builders.ts";

interface Situation {
  readonly incident: Incident;
  readonly samples: readonly Sample[];
}

type At = (minutes: number) => number;
const at: At = (minutes) => NOON + minutes * MINUTE;
const landing = aLanding({ sha: "c0ffee1".padEnd(40, "0"), at: at(-14), message: "feat: change data structure" });
const suspect = aSuspect({ id: landing.id, probability: 0.87, subject: { kind: "landing", landing } });

/** Samples every 30 seconds; values by minutes after the first message. */
function samplesOf(from: number, to: number, valuesAt: (minute: number) => Omit<Sample, "at">, everyMs = 30 * SECOND): Sample[] {
  const samples: Sample[] = [];
  for (let now = at(from); now <= at(to); now += everyMs) samples.push({ at: now, ...valuesAt((now - NOON) / MINUTE) });
  return samples;
}

function entry(minutes: number, kind: TimelineEntry["kind"], short: string): TimelineEntry {
  return { id: kind === "landing" ? landing.id : `${kind}/${minutes}/${short}`, at: at(minutes), kind, text: `${short}.`, short };
}

const changes = [entry(-14, "landing", "c0ffee1 lands"), entry(-9, "rollout", "revision 42 rolls out")];

/** Linear between the given points. */
function through(points: readonly (readonly [number, number])[]): (minute: number) => number {
  return (minute) => {
    const next = points.findIndex(([x]) => x > minute);
    const [x1, y1] = points[next <= 0 ? (next === 0 ? 0 : points.length - 1) : next - 1] ?? [0, 0];
    const [x2, y2] = points[Math.max(0, next === -1 ? points.length - 1 : next)] ?? [0, 0];
    return x2 === x1 ? y1 : y1 + ((minute - x1) / (x2 - x1)) * (y2 - y1);
  };
}

function aRunaway(over: Partial<Incident>): Incident {
  return anIncident({
    spike: aSpike({ startedAt: at(-5) }),
    usual: aUsual({ costPerRequest: 0.02 }),
    diagnosis: aDiagnosis({ suspects: [suspect], onsetAt: at(-8) }),
    timeline: changes,
    ...over,
  });
}

function told(): Situation {
  const replicas = through([
    [-8, 30],
    [-3, 48],
    [0, 95],
  ]);
  const cost = through([
    [-9, 0.02],
    [-7, 0.16],
    [1, 0.17],
  ]);
  return {
    incident: aRunaway({
      now: aSituation({ at: at(1), desired: 110, nodes: 14 }),
      timeline: [...changes, entry(0.5, "alert", "CPU of shop/web is high")],
    }),
    samples: samplesOf(-100, 1, (m) => ({
      replicas: Math.round(replicas(m)),
      nodes: m < -2 ? 10 : 14,
      costPerRequest: cost(m) + 0.001 * Math.sin(m * 3),
    })),
  };
}

function runaway4000(): Situation {
  const replicas = through([
    [-8, 30],
    [0, 95],
    [10, 900],
    [30, 3_990],
    [38, 4_000],
    [55, 4_000],
    [58, 5_000],
    [66, 4_000],
    [85, 34],
    [110, 31],
  ]);
  const nodes = through([
    [-4, 10],
    [30, 118],
    [38, 120],
    [60, 175],
    [75, 175],
    [100, 11],
  ]);
  const cost = through([
    [-9, 0.02],
    [-7, 0.16],
    [55, 0.17],
    [66, 0.021],
  ]);
  return {
    incident: aRunaway({
      status: "recovered",
      mitigatedAt: at(38),
      recoveredAt: at(85),
      now: aSituation({ at: at(110), desired: 31, nodes: 11, ceiling: 4_000 }),
      timeline: [
        ...changes,
        entry(2, "alert", "CPU of shop/web is high"),
        entry(36, "autoscaler", "ceiling 8,000 to 4,000"),
        entry(52, "act", "down-migration"),
        entry(55, "act", "back to revision 41"),
        entry(88, "act", "drain 165 nodes"),
      ],
    }),
    samples: samplesOf(-100, 110, (m) => ({
      replicas: Math.round(replicas(m)),
      nodes: Math.round(nodes(m)),
      costPerRequest: cost(m),
    })),
  };
}

function surge(): Situation {
  const replicas = through([
    [-20, 30],
    [0, 80],
    [40, 118],
  ]);
  return {
    incident: anIncident({
      diagnosis: aDiagnosis({ named: false, suspects: [] }),
      now: aSituation({ at: at(40), desired: 118, nodes: 22, ceiling: 120 }),
      timeline: [entry(-3, "alert", "Requests of shop/web are high")],
    }),
    samples: samplesOf(-60, 40, (m) => ({
      replicas: Math.round(replicas(m)),
      nodes: m < -5 ? 10 : 22,
      costPerRequest: 0.01 + 0.0004 * Math.sin(m),
    })),
  };
}

function noPrometheus(): Situation {
  const replicas = through([
    [-5, 30],
    [0, 95],
    [6, 260],
  ]);
  return {
    incident: aRunaway({
      usual: { ...aUsual(), nodes: undefined },
      diagnosis: aDiagnosis({ suspects: [suspect] }),
      now: aSituation({ at: at(6), desired: 260 }),
    }),
    samples: samplesOf(-5, 6, (m) => ({ replicas: Math.round(replicas(m)) })),
  };
}

function crowded(): Situation {
  const kinds = ["landing", "rollout", "alert", "autoscaler", "config-edit", "reported", "scaling", "act"] as const;
  const marks = Array.from({ length: 40 }, (_, index) => {
    const kind = kinds[index % kinds.length] ?? "alert";
    return { ...entry(-15 + (index % 20) * 0.4, kind, `${kind} number ${index + 1}`), id: `mark/${index}` };
  });
  const { samples, incident } = told();
  return { incident: { ...incident, timeline: [...changes, ...marks] }, samples };
}

function veryLong(): Situation {
  const replicas = through([
    [-8, 30],
    [0, 95],
    [300, 140],
    [2_000, 400],
    [2_800, 380],
  ]);
  return {
    incident: aRunaway({
      status: "mitigated",
      mitigatedAt: at(2_000),
      now: aSituation({ at: at(2_800), desired: 380, nodes: 60, ceiling: 400 }),
      timeline: [...changes, entry(400, "act", "cap at 400")],
    }),
    samples: samplesOf(
      -90,
      2_800,
      (m) => ({ replicas: Math.round(replicas(m)), nodes: Math.round(replicas(m) / 7), costPerRequest: m < -8 ? 0.02 : 0.05 }),
      8 * MINUTE,
    ),
  };
}

function settled(): Situation {
  const { incident, samples } = runaway4000();
  return {
    incident: {
      ...incident,
      status: "settled",
      settledAt: at(112),
      workload: { ...shopWeb, namespace: "payments-and-settlement", name: "checkout-orchestrator-worker-europe" },
    },
    samples,
  };
}

function gap(): Situation {
  const { incident, samples } = runaway4000();
  return { incident, samples: samples.filter((sample) => sample.at < at(15) || sample.at > at(35)) };
}

function failingRollout(): Situation {
  return {
    incident: anIncident({
      spike: { ...aSpike(), trouble: "rollout-failing", reason: "3 pods of revision 8 crash." },
      usual: aUsual({ replicas: 30 }),
      now: aSituation({ at: at(9), desired: 30, nodes: 10, ceiling: 40 }),
      timeline: [
        entry(-6, "rollout", "revision 8 rolls out"),
        entry(0, "illness", "3 pods crash"),
        entry(4, "act", "roll back to revision 7"),
      ],
      status: "open",
    }),
    samples: samplesOf(-60, 9, () => ({ replicas: 30, nodes: 10, cpuPerReplica: 0.21 })),
  };
}

/** Situations that a picture must tell well, by name. */
export const situations = { told, runaway4000, surge, noPrometheus, crowded, veryLong, settled, gap, failingRollout } as const;
