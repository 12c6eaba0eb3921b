import { describe, expect, it } from "vitest";
import { aRollout, aService, anAutoscaler, others, playCluster, start } from "./played-cluster.ts";

type Answer = {
  readonly status: string;
  readonly errorType?: string;
  readonly error?: string;
  readonly data: {
    readonly resultType: string;
    readonly result: readonly {
      readonly metric: Record<string, string>;
      readonly value: [number, string];
      readonly values: [number, string][];
    }[];
  };
};

const selector = '{namespace="prod",deployment="shop"}';
const templates = {
  replicas: `max by (namespace, deployment) (kube_deployment_spec_replicas${selector})`,
  requests: `sum by (namespace, deployment) (rate(http_requests_total${selector}[1m]))`,
  latency: `sum by (namespace, deployment) (rate(http_request_duration_seconds_sum${selector}[1m])) / sum by (namespace, deployment) (rate(http_request_duration_seconds_count${selector}[1m]))`,
  cpu: `sum by (namespace, deployment) (workload_cpu_cores${selector})`,
};

async function ask(url: string, path: string, parameters: Record<string, string>, method = "GET"): Promise<[number, Answer]> {
  const form = new URLSearchParams(parameters);
  const response =
    method === "POST"
      ? await fetch(`${url}/api/v1/${path}`, { method, body: form })
      : await fetch(`${url}/api/v1/${path}?${form.toString()}`);
  return [response.status, (await response.json()) as Answer];
}

async function play(annotations: Record<string, string> = {}) {
  const played = await playCluster({ objects: [aService({ annotations }), anAutoscaler(), others()] });
  const url = played.cluster.prometheusUrl;
  const instant = async (query: string, at?: number) => {
    const [, answer] = await ask(url, "query", { query, ...(at === undefined ? {} : { time: String(at / 1000) }) });
    return Number(answer.data.result[0]?.value[1]);
  };
  const range = async (query: string, from: number, to: number, step: string) => {
    const [code, answer] = await ask(url, "query_range", { query, start: String(from / 1000), end: String(to / 1000), step });
    return { code, series: answer.data.result.map(({ values }) => values.map(([, value]) => Number(value))) };
  };
  return { ...played, url, instant, range, [Symbol.asyncDispose]: () => played[Symbol.asyncDispose]() };
}

describe("the simulated Prometheus", () => {
  it("answers requests, latency, CPU and replicas now", async () => {
    await using played = await play();
    await played.live(120);
    expect(await played.instant(templates.replicas)).toBe(30);
    expect(await played.instant(templates.requests)).toBeCloseTo(360, 3);
    expect(await played.instant(templates.latency)).toBeCloseTo(0.01 / 0.7, 6);
    expect(await played.instant(templates.cpu)).toBeCloseTo(3.6, 6);
  });

  it("has a past without a seam", async () => {
    await using played = await play();
    await played.live(120);
    const { series } = await played.range(templates.requests, start - 300_000, start + 120_000, "15s");
    expect(series[0]).toHaveLength(29);
    for (const value of series[0] ?? []) expect(Math.abs(value - 360)).toBeLessThan(4);
    const latency = await played.range(templates.latency, start - 300_000, start + 120_000, "15s");
    for (const value of latency.series[0] ?? []) expect(value).toBeCloseTo(0.01 / 0.7, 5);
  });

  it("knows the days before, in which replicas followed the traffic", async () => {
    // At 1 am traffic is near its lowest: 30 pods then are 43 in the afternoon.
    await using played = await play({ "load/requests-per-second": "440", "load/daily-swing": "0.2" });
    const { series } = await played.range(templates.replicas, start - 7 * 86_400_000, start, "5m");
    const values = series[0] ?? [];
    expect(values).toHaveLength(2_017);
    expect(values.at(-1)).toBe(30);
    expect(Math.max(...values)).toBeGreaterThan(38);
    expect(Math.min(...values)).toBeGreaterThan(25);
    const requests = await played.range(templates.requests, start - 86_400_000, start, "5m");
    expect(Math.max(...(requests.series[0] ?? []))).toBeCloseTo(528, 0);
  });

  it("sees a runaway as cost per request, not as traffic", async () => {
    await using played = await play();
    await played.live(30);
    played.cluster.apply(aRollout("registry.example/shop:2", { "load/cost-doubles-every": "1m" }));
    await played.live(240);
    expect(await played.instant(templates.requests)).toBeCloseTo(360, 0);
    expect(await played.instant(`${templates.cpu} / ${templates.requests}`)).toBeGreaterThan(0.05);
    expect(await played.instant(templates.replicas)).toBeGreaterThan(100);
    expect(await played.instant(templates.replicas, start - 1_000)).toBe(30);
  });

  it.each([
    ["sum(kube_deployment_spec_replicas)", 30],
    ["count(http_requests_total) by (namespace)", 1],
    ['avg without (service) (kube_deployment_spec_replicas{deployment=~"sh.*",namespace!="x",service!~"y|z"})', 30],
    [`increase(http_requests_total${selector}[1m])`, 21_600],
    ["-sum(kube_deployment_spec_replicas) * 2 + 100", 40],
    ["kube_deployment_spec_replicas > bool 29", 1],
    ["kube_deployment_spec_replicas == on(deployment) kube_deployment_status_replicas_ready", 30],
    ["min(kube_deployment_spec_replicas offset 1d)", 30],
    ["(2 ^ 3) % 5", 3],
  ])("evaluates %s", async (query, value) => {
    await using played = await play();
    await played.live(120);
    const [code, answer] = await ask(played.url, "query", { query }, "POST");
    expect(code).toBe(200);
    const { data } = answer;
    const sample =
      data.resultType === "scalar" ? (data as unknown as { result: [number, string] }).result : data.result[0]?.value;
    expect(Number(sample?.[1])).toBeCloseTo(value, 0);
  });

  it("gives no series for what does not exist or is filtered away", async () => {
    await using played = await play();
    for (const query of ["nothing", 'http_requests_total{deployment="x"}', "kube_deployment_spec_replicas > 31"]) {
      expect(await ask(played.url, "query", { query })).toEqual([
        200,
        { status: "success", data: { resultType: "vector", result: [] } },
      ]);
    }
  });

  it.each([
    ["query", { query: "sum(" }, /^invalid parameter "query": 1:5: parse error: unexpected end of input$/],
    ["query", { query: "" }, /no expression found in input/],
    ["query", { query: "histogram_quantile(0.9, x)" }, /not supported/],
    ["query", { query: "x[5m]" }, /not supported/],
    ["query", { query: "rate(x)" }, /expected type range vector/],
    ["query", { query: 'x{a=~"("}' }, /error parsing regexp/],
    ["query", { query: "{}" }, /must contain/],
    ["query", { query: "x", time: "yesterday" }, /^invalid parameter "time": cannot parse "yesterday" to a valid timestamp$/],
    ["query_range", { query: "x", start: "2", end: "1", step: "1" }, /end timestamp must not be before start time/],
    ["query_range", { query: "x", start: "1", end: "2", step: "0" }, /zero or negative query resolution/],
    ["query_range", { query: "x", start: "0", end: "99999", step: "1" }, /exceeded maximum resolution of 11,000 points/],
    ["query_range", { query: "x", start: "0", end: "9" }, /^invalid parameter "step": cannot parse "" to a valid duration$/],
  ])("refuses %s of %j as Prometheus does", async (path, parameters, error) => {
    await using played = await play();
    const [code, answer] = await ask(played.url, path, parameters);
    expect([code, answer.status, answer.errorType]).toEqual([400, "error", "bad_data"]);
    expect(answer.error).toMatch(error);
  });

  it("says that it is ready, and knows no other page", async () => {
    await using played = await play();
    expect((await fetch(`${played.url}/-/ready`)).status).toBe(200);
    expect((await fetch(`${played.url}/api/v1/targets`)).status).toBe(404);
    expect((await fetch(`${played.url}/api/v1/query`, { method: "DELETE" })).status).toBe(405);
  });
});
