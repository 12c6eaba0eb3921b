import { z } from "zod";
import { toJson } from "./step-value.ts";

const value = z.object({ ask: z.string().min(1).max(700) });

/** What a button that asks something carries: the words, as they would be typed. */
export function askValue(ask: string): string {
  return JSON.stringify({ ask } satisfies z.infer<typeof value>);
}

/** Undefined when it is no such button. */
export function findAsk(text: string | undefined): string | undefined {
  return value.safeParse(toJson(text)).data?.ask;
}
