import { z } from "zod";

const id = z.string().min(1).max(900);
const value = z.object({ incident: id, suspect: id });

/** Characters that a button's value may have. */
const slackAllows = 2_000;

/** Which suspect of which incident a button is about. */
export type VerdictValue = z.infer<typeof value>;

/** What a button carries; undefined where the ids are too long for Slack. */
export function verdictValue(incident: string, suspect: string): string | undefined {
  const read = value.safeParse({ incident, suspect });
  const text = JSON.stringify(read.data);
  return read.success && text.length <= slackAllows ? text : undefined;
}

/** Undefined when it is not such a button. */
export function findVerdictValue(text: string | undefined): VerdictValue | undefined {
  try {
    return value.safeParse(JSON.parse(text ?? "")).data;
  } catch {
    return undefined;
  }
}
