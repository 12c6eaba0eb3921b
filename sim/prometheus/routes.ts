import type { IncomingMessage, ServerResponse } from "node:http";
import { type Column, evaluate, type Result } from "./evaluate.ts";
import { BadQuery } from "./expression.ts";
import type { Meters } from "./meters.ts";
import { parseDurationText } from "./durations.ts";
import { parseQuery } from "./parse.ts";

const prefix = "/prometheus";
const bodyLimit = 1_048_576;
const mostPoints = 11_000;

/** Prometheus' query API under `/prometheus`; true when the request is for it. */
export function createPrometheusRoutes(meters: Meters, now: () => number) {
  return (request: IncomingMessage, response: ServerResponse, url: URL): boolean => {
    if (!url.pathname.startsWith(`${prefix}/`)) return false;
    const path = url.pathname.slice(prefix.length);
    if (path === "/-/ready" || path === "/-/healthy") {
      response.writeHead(200, { "content-type": "text/plain; charset=utf-8" });
      response.end(path === "/-/ready" ? "Prometheus Server is Ready.\n" : "Prometheus Server is Healthy.\n");
      return true;
    }
    answer(meters, now, request, response, path, url).catch((error: unknown) => fail(response, error));
    return true;
  };
}

async function answer(
  meters: Meters,
  now: () => number,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  url: URL,
): Promise<void> {
  if (path !== "/api/v1/query" && path !== "/api/v1/query_range") return sendText(response, 404, "404 page not found\n");
  if (request.method !== "GET" && request.method !== "POST") return sendText(response, 405, "Method Not Allowed\n");
  const parameters = new URLSearchParams([...url.searchParams, ...(request.method === "POST" ? await readForm(request) : [])]);
  const data = path === "/api/v1/query" ? instant(meters, parameters, now()) : range(meters, parameters);
  sendJson(response, 200, { status: "success", data });
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimit) throw new BadQuery("http: request body too large");
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
}

function instant(meters: Meters, parameters: URLSearchParams, now: number): unknown {
  const given = parameters.get("time");
  const time = given === null || given === "" ? now : parseTime("time", given);
  const result = run(meters, parameters, Float64Array.of(time));
  if (result.kind === "scalar") return { resultType: "scalar", result: [time / 1000, format(result.value)] };
  const present = result.columns.filter((column) => column.present[0]);
  return {
    resultType: "vector",
    result: present.map((column) => ({ metric: metricOf(column), value: [time / 1000, format(column.values[0])] })),
  };
}

function range(meters: Meters, parameters: URLSearchParams): unknown {
  const start = parseTime("start", parameters.get("start") ?? "");
  const end = parseTime("end", parameters.get("end") ?? "");
  if (end < start) throw bad("end", "end timestamp must not be before start time");
  const step = parseStep(parameters.get("step") ?? "");
  if (step <= 0) throw bad("step", "zero or negative query resolution step widths are not accepted. Try a positive integer");
  const points = Math.floor((end - start) / step) + 1;
  if (points > mostPoints) {
    throw new BadQuery(
      "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
    );
  }
  const times = Float64Array.from({ length: points }, (_, index) => start + index * step);
  const result = run(meters, parameters, times);
  const columns: readonly Column[] = result.kind === "vector" ? result.columns : [constant(result.value, points)];
  const series = columns.map((column) => ({ metric: metricOf(column), values: pairs(column, times) }));
  return { resultType: "matrix", result: series.filter(({ values }) => values.length > 0) };
}

function run(meters: Meters, parameters: URLSearchParams, times: Float64Array): Result {
  try {
    return evaluate(parseQuery(parameters.get("query") ?? ""), times, [...meters.series()]);
  } catch (error) {
    throw error instanceof BadQuery ? bad("query", error.message) : error;
  }
}

function constant(value: number, length: number): Column {
  return { name: undefined, labels: {}, values: new Float64Array(length).fill(value), present: new Uint8Array(length).fill(1) };
}

function pairs({ values, present }: Column, times: Float64Array): (readonly [number, string])[] {
  const found: (readonly [number, string])[] = [];
  for (const [index, time] of times.entries()) if (present[index]) found.push([time / 1000, format(values[index])]);
  return found;
}

function metricOf({ name, labels }: Column): Record<string, string> {
  return name === undefined ? labels : { __name__: name, ...labels };
}

/** A value as Prometheus writes it. */
function format(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return "NaN";
  return value === Infinity ? "+Inf" : value === -Infinity ? "-Inf" : String(value);
}

/** A time as the API takes it, Unix seconds or RFC 3339, in milliseconds. */
function parseTime(name: string, text: string): number {
  const seconds = text === "" ? Number.NaN : Number(text);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw bad(name, `cannot parse ${JSON.stringify(text)} to a valid timestamp`);
  return Math.round(ms);
}

function parseStep(text: string): number {
  const ms = parseDurationText(text) ?? (text === "" ? Number.NaN : Number(text) * 1000);
  if (!Number.isFinite(ms)) throw bad("step", `cannot parse ${JSON.stringify(text)} to a valid duration`);
  return ms;
}

function bad(parameter: string, why: string): BadQuery {
  return new BadQuery(`invalid parameter ${JSON.stringify(parameter)}: ${why}`);
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  if (error instanceof BadQuery) return sendJson(response, 400, { status: "error", errorType: "bad_data", error: error.message });
  console.error("A query of the simulated Prometheus failed:", error);
  sendJson(response, 500, { status: "error", errorType: "internal", error: "internal error" });
}

function sendJson(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { "content-type": "text/plain; charset=utf-8" });
  response.end(text);
}
