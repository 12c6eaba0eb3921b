import { describe, expect, it } from "vitest";
import { altText } from "#bot/picture/alt.ts";
import { chartOf } from "#bot/picture/chart-of.ts";
import { mostMarks } from "#bot/picture/chart.ts";
import { toPng } from "#bot/picture/png.ts";
import { renderChart } from "#bot/picture/render.ts";
import { MINUTE, NOON, anIncident } from "#test/builders.ts";
import { placeRef } from "#domain/workload.ts";
import { situations } from "./situations.ts";

type Name = keyof typeof situations;

const chart = (name: Name, over: Parameters<typeof anIncident>[0] = {}) => {
  const { incident, samples } = situations[name]();
  return chartOf({ ...incident, ...over }, samples);
};
const texts = (svg: string) =>
  [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/g)].map(([, text = ""]) => text.replaceAll(/<[^>]*>/g, ""));
const drawn = (name: Name) => renderChart(chart(name));

describe("the picture of an incident", () => {
  it.each(Object.keys(situations) as Name[])("is drawn: %s", async (name) => {
    const svg = drawn(name);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    const png = Buffer.from(await toPng(svg));
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.readUInt32BE(16)).toBe(1_080);
    expect(png.length).toBeLessThan(400_000);
  });

  it("shows usual, ceiling, now and peak of replicas, nodes and work, over one axis in UTC", () => {
    const said = texts(drawn("runaway4000"));
    expect(said).toEqual(
      expect.arrayContaining([
        "Replicas",
        "usual 30 · peak 5,000 · now 31",
        "ceiling 4,000",
        "Nodes",
        "usual 10 · peak 175 · now 11",
      ]),
    );
    expect(said).toEqual(expect.arrayContaining(["CPU per request", "usual 20 ms · peak 170 ms · now 21 ms", "UTC", "12:30"]));
  });

  it("begins before the climb, and with the first suspect where that came earlier", () => {
    const { diagnosis } = chartsOnset();
    expect(chart("told").from).toBe(diagnosis - 35 * MINUTE);
    const { incident, samples } = situations.told();
    const timeline = incident.timeline.map((entry) => (entry.kind === "landing" ? { ...entry, at: NOON - 70 * MINUTE } : entry));
    expect(chartOf({ ...incident, timeline }, samples).from).toBe(NOON - 75 * MINUTE);
    const days = incident.timeline.map((entry) => (entry.kind === "landing" ? { ...entry, at: NOON - 3_000 * MINUTE } : entry));
    const old = chartOf({ ...incident, timeline: days }, samples);
    expect(old.from).toBe(diagnosis - 90 * MINUTE);
    expect(old.marks[0]?.label).toBe("c0ffee1 lands");
  });

  it("leaves out what nobody measured, and draws nothing where nobody looked", () => {
    expect(chart("noPrometheus").panels.map(({ name }) => name)).toEqual(["Replicas"]);
    expect(drawn("runaway4000").match(/fill-opacity="0.16"/g)).toHaveLength(3);
    expect(drawn("gap").match(/fill-opacity="0.16"/g)).toHaveLength(6);
  });

  it("shows a cluster's nodes only", () => {
    const { samples } = situations.told();
    const cluster = chartOf(anIncident({ workload: placeRef("prod"), key: "prod//" }), samples);
    expect(cluster).toMatchObject({ title: "prod", panels: [{ name: "Nodes" }] });
  });

  it("keeps the marks that tell most where there are many, the first suspect in any case", () => {
    const { marks, marksLeft } = chart("crowded");
    expect(marks).toHaveLength(mostMarks);
    expect(marks.map(({ label }) => label)).toContain("c0ffee1 lands");
    expect(new Set(marks.map(({ kind }) => kind))).toEqual(new Set(["change", "autoscaler", "act"]));
    expect(texts(drawn("crowded"))).toContain(`and ${marksLeft} more: see the timeline in the thread`);
  });

  it("makes one mark of alerts that come together", () => {
    const alert = (index: number) => ({ id: `alert/${index}`, at: NOON + index * 1_000, kind: "alert" as const, text: "CPU" });
    const { incident, samples } = situations.told();
    const { marks } = chartOf({ ...incident, timeline: Array.from({ length: 20 }, (_, index) => alert(index)) }, samples);
    expect(marks).toMatchObject([{ kind: "alert", label: "20 alerts" }]);
  });

  it("names the day where it is long", () => expect(texts(drawn("veryLong"))).toContain("2 Mar 18:40 cap at 400"));

  it("is safe with foreign text", () => {
    const evil = {
      id: "x",
      at: NOON,
      kind: "reported" as const,
      text: "x",
      short: '</svg><image href="file:///etc/passwd"/> \u202e日本',
    };
    const svg = renderChart(chart("told", { timeline: [evil] }));
    expect(svg).not.toContain("<image");
    expect(svg).not.toMatch(/[\u202e日本]/);
    expect(svg.match(/<\/svg>/g)).toHaveLength(1);
  });
});

describe("its words", () => {
  it("say the same", () => {
    expect(altText(chart("runaway4000"))).toBe(
      "Timeline of shop/web, 2 Mar, from 11:17 to 13:50 UTC. " +
        "Replicas: usual 30 (band 23 to 38), at most 5,000 at 12:58, now 31, ceiling 4,000. " +
        "Nodes: usual 10 (band 8 to 13), at most 175 at 13:00, now 11. " +
        "CPU per request: usual 20 ms (band 10 ms to 30 ms), at most 170 ms at 12:55, now 21 ms. " +
        "Marks: 1. 11:46 c0ffee1 lands; 2. 11:51 revision 42 rolls out; 3. 12:02 CPU of shop/web is high; 4. 12:36 ceiling 8,000 to 4,000; " +
        "5. 12:52 down-migration; 6. 12:55 back to revision 41; 7. 13:28 drain 165 nodes. " +
        "Open from 12:00, Mitigated from 12:38, Recovered from 13:25.",
    );
  });

  it("fit into what Slack takes", () => {
    const long = { id: "x", kind: "act" as const, text: "x", short: "y".repeat(1_500) };
    const timeline = [
      { ...long, at: NOON },
      { ...long, id: "z", at: NOON - MINUTE },
    ];
    expect(altText(chart("told", { timeline })).length).toBeLessThanOrEqual(2_000);
  });
});

function chartsOnset(): { diagnosis: number } {
  return { diagnosis: situations.told().incident.diagnosis?.onsetAt ?? 0 };
}
