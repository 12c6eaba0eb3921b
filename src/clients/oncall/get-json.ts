import { request } from "undici";
import { TemporaryError, messageOf } from "#lib/errors.ts";

/** A headline waits for the answer. Wall milliseconds. */
const answerWithinMs = 2_000;
const maxBytes = 1024 * 1024;

/** GET; the parsed answer, unchecked. Throws TemporaryError when `who` is away, an Error in a sentence when it refuses. */
export async function getJson(who: string, url: URL, headers: Readonly<Record<string, string>>): Promise<unknown> {
  const { status, text } = await get(who, url, headers);
  if (status === 429 || status >= 500) throw new TemporaryError(`Cannot ask ${who} who is on call: it answers ${status}`);
  if (status === 401 || status === 403)
    throw new Error(`Cannot ask ${who} who is on call: it answers ${status}; expected a token that may read schedules`);
  if (status === 404) throw new Error(`Cannot ask ${who} who is on call: it does not know "${url.pathname}"`);
  if (status !== 200) throw new Error(`Cannot ask ${who} who is on call: it answers ${status}, ${text.slice(0, 200)}`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TemporaryError(`Cannot read the answer of ${who}: it is not JSON`, { cause: error });
  }
}

async function get(
  who: string,
  url: URL,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const { statusCode, body } = await request(url, { headers, signal: AbortSignal.timeout(answerWithinMs) });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw new Error("its answer is larger than 1 MB");
      chunks.push(chunk);
    }
    return { status: statusCode, text: Buffer.concat(chunks).toString("utf8") };
  } catch (error) {
    throw new TemporaryError(`Cannot ask ${who} who is on call: ${messageOf(error)}`, { cause: error });
  }
}
