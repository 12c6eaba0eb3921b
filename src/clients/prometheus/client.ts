import { request } from "undici";
import { TemporaryError, messageOf } from "#lib/errors.ts";

export interface PrometheusClient {
  /** `GET /api/v1/query_range`; times in seconds. Resolves with the parsed answer, unchecked. Throws TemporaryError when Prometheus is away. */
  queryRange(query: string, range: { readonly from: number; readonly to: number; readonly step: number }): Promise<unknown>;
  /** Undefined when it answers, else a sentence. */
  ready(): Promise<string | undefined>;
}

/** An investigation waits for the answer, so it may not take long. Wall milliseconds. */
const answerWithinMs = 20_000;
const maxAnswerBytes = 64 * 1024 * 1024;

/** Talks to Prometheus' HTTP API (https://prometheus.io/docs/prometheus/latest/querying/api/). */
export function createPrometheusClient(baseUrl: string): PrometheusClient {
  const base = baseUrl.replace(/\/+$/, "");
  return {
    queryRange: async (query, { from, to, step }) => {
      const body = new URLSearchParams({ query, start: String(from), end: String(to), step: String(step) }).toString();
      const { status, text } = await post(`${base}/api/v1/query_range`, body);
      if (status === 429 || status >= 500) throw new TemporaryError(`Cannot query Prometheus: it answered ${status}`);
      const answer = parse(text);
      if (status !== 200)
        throw new Error(`Cannot query Prometheus with "${query}": it answered ${status}, ${text.slice(0, 300)}`);
      return answer;
    },
    ready: async () => {
      try {
        const { statusCode, body } = await request(`${base}/-/ready`, { signal: AbortSignal.timeout(3_000) });
        await body.dump();
        return statusCode === 200 ? undefined : `Prometheus is not ready: it answers ${statusCode}.`;
      } catch {
        return "Prometheus does not answer.";
      }
    },
  };
}

async function post(url: string, form: string): Promise<{ status: number; text: string }> {
  try {
    const signal = AbortSignal.timeout(answerWithinMs);
    const { statusCode, body } = await request(url, {
      method: "POST",
      body: form,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      signal,
    });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxAnswerBytes) throw new Error("its answer is larger than 64 MB");
      chunks.push(chunk);
    }
    return { status: statusCode, text: Buffer.concat(chunks).toString("utf8") };
  } catch (error) {
    throw new TemporaryError(`Cannot reach Prometheus: ${messageOf(error)}`, { cause: error });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TemporaryError("Cannot read Prometheus' answer: it is not JSON", { cause: error });
  }
}
