import type { Tools } from "./listeners/tools.ts";
import { code } from "./escape.ts";
import { messageOf } from "#lib/errors.ts";

/** What is being looked up, for who waits for it. */
export function lookingText(asked: string): string {
  return `:mag: Looking: ${code(asked, 200)}`;
}

/** Waits for an answer, and has `say` tell that it is being worked on where that takes longer than a person waits without a word. */
export async function inTime<T, S>(
  { waitForAnswer, log }: Pick<Tools, "waitForAnswer" | "log">,
  answering: Promise<T>,
  say: () => Promise<S>,
): Promise<{ readonly answer: T; readonly said: S | undefined }> {
  const answered = new AbortController();
  const late = waitForAnswer(answered.signal);
  // Who is not told that it takes long still gets the answer.
  const unsaid = (error: unknown) => log.warn({ reason: messageOf(error) }, "Nobody could be told that it takes long");
  try {
    const isLate = await Promise.race([late, answering.then(() => false)]);
    const said = isLate ? await say().catch(unsaid) : undefined;
    return { answer: await answering, said: said ?? undefined };
  } finally {
    answered.abort();
  }
}
