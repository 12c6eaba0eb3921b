import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { NOON, SECOND } from "#test/builders.ts";
import { TemporaryError } from "#lib/errors.ts";
import { createPrometheusClient } from "#clients/prometheus/client.ts";
import { createPrometheusReader, defaultQueries } from "#watchers/prometheus/read.ts";

describe("Prometheus", () => {
  let server: Server;
  let asked: URLSearchParams[] = [];
  let answer: (query: string) => { status: number; body: string };
  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const form = new URLSearchParams(Buffer.concat(chunks).toString());
        asked.push(form);
        const { status, body } = answer(form.get("query") ?? "");
        response.writeHead(status).end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => void server.close());
  beforeEach(() => {
    asked = [];
    answer = () => ({ status: 200, body: matrix([]) });
  });
  const client = () => createPrometheusClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const reader = () => createPrometheusReader(client(), defaultQueries);

  test("gives a workload's series, finite points only", async () => {
    answer = (query) => ({
      status: 200,
      body: matrix(
        query.includes("cpu")
          ? [
              {
                labels: {},
                values: [
                  [NOON / SECOND, "1.5"],
                  [NOON / SECOND + 15, "NaN"],
                ],
              },
            ]
          : [],
      ),
    });
    const signals = await reader().signals("prod/shop/web", NOON, NOON + 60 * SECOND, 15);
    expect(signals).toEqual({
      replicas: [],
      requestsPerSecond: [],
      latencySeconds: [],
      cpuCores: [{ at: NOON, value: 1.5 }],
      errorShare: [],
    });
    expect(asked).toHaveLength(5);
    expect(asked.map((form) => form.get("query")).join()).toContain('{namespace="shop",deployment="web"}');
  });

  test("a name cannot end the selector's string", async () => {
    await reader().signals('prod/sh"op/we\\b', NOON, NOON, 15);
    expect(asked[0]?.get("query")).toContain(String.raw`{namespace="sh\"op",deployment="we\\b"}`);
  });

  test("history is by workload", async () => {
    answer = () => ({
      status: 200,
      body: matrix([
        { labels: { namespace: "shop", deployment: "web" }, values: [[1, "30"]] },
        { labels: {}, values: [[1, "1"]] },
      ]),
    });
    expect([...(await reader().replicaHistory("prod", 0, 1_000, 300))]).toEqual([["prod/shop/web", [{ at: 1_000, value: 30 }]]]);
  });

  test("history is read by the day, and keeps only what changes", async () => {
    const day = 24 * 3_600;
    let start = 0;
    answer = () => {
      const values = [0, 1, 2, 3].map((hour): [number, string] => [
        start * day + hour * 3_600,
        start === 1 && hour >= 2 ? "60" : "30",
      ]);
      start++;
      return { status: 200, body: matrix([{ labels: { namespace: "shop", deployment: "web" }, values }]) };
    };
    const points = (await reader().replicaHistory("prod", 0, 2 * day * SECOND, 300)).get("prod/shop/web");
    expect(asked.map((form) => [form.get("start"), form.get("end")])).toEqual([
      ["0", `${day}`],
      [`${day}`, `${2 * day}`],
    ]);
    expect(points?.map(({ at, value }) => [at / SECOND / 3_600, value])).toEqual([
      [0, 30],
      [25, 30],
      [26, 60],
      [27, 60],
    ]);
  });

  test("a long range gets a step that Prometheus accepts", async () => {
    await reader().signals("prod/shop/web", 0, 30 * 24 * 3_600 * SECOND, 1);
    expect((30 * 24 * 3_600) / Number(asked[0]?.get("step"))).toBeLessThanOrEqual(11_000);
  });

  test("away, overloaded or gibberish is temporary; a refused query is not", async () => {
    const ask = () => reader().signals("prod/shop/web", NOON, NOON, 15);
    answer = () => ({ status: 503, body: "" });
    await expect(ask()).rejects.toThrow(TemporaryError);
    answer = () => ({ status: 200, body: "<html>" });
    await expect(ask()).rejects.toThrow(TemporaryError);
    answer = () => ({ status: 400, body: '{"status":"error","error":"parse error"}' });
    await expect(ask()).rejects.toThrow(/parse error/);
    await expect(
      createPrometheusReader(createPrometheusClient("http://127.0.0.1:1"), defaultQueries).signals("a/b/c", 0, 1, 15),
    ).rejects.toThrow(TemporaryError);
    expect(await createPrometheusClient("http://127.0.0.1:1").ready()).toBe("Prometheus does not answer.");
  });

  test("without Prometheus everything is empty", async () => {
    expect(await createPrometheusReader(undefined, defaultQueries).signals("a/b/c", 0, 1, 15)).toMatchObject({ cpuCores: [] });
  });
});

function matrix(result: { labels: object; values: [number, string][] }[]): string {
  return JSON.stringify({
    status: "success",
    data: { resultType: "matrix", result: result.map(({ labels, values }) => ({ metric: labels, values })) },
  });
}
