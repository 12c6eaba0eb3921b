import type { KubeConnection } from "./connection.ts";

/** Wall milliseconds; who asks whether we are ready does not wait long either. */
const answerWithinMs = 3_000;

/** Undefined when the API server answers, else a sentence. Everybody may ask for its version. */
export async function findKubeProblem(connection: Pick<KubeConnection, "send">): Promise<string | undefined> {
  try {
    const { statusCode, body } = await connection.send({ path: "/version", signal: AbortSignal.timeout(answerWithinMs) });
    await body.dump();
    if (statusCode === 401) return "The API server does not know us: it answers 401.";
    return statusCode < 500 && statusCode !== 429 ? undefined : `The API server is not ready: it answers ${statusCode}.`;
  } catch {
    return "The API server does not answer.";
  }
}
