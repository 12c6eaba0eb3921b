import { z } from "zod";

const id = z.string().min(1).max(1_000);
const value = z.object({ incident: id, step: id });
const metadata = value.extend({ intent: z.string().regex(/^[0-9a-f]{64}$/) });

/** Which step of which incident. */
export type StepValue = z.infer<typeof value>;
/** The same, with the hash of the intent that was shown. */
export type StepMetadata = z.infer<typeof metadata>;

/** What a button carries. */
export function stepValue(incident: string, step: string): string {
  return JSON.stringify({ incident, step } satisfies StepValue);
}

/** What a filled modal carries. */
export function stepMetadata(shown: StepMetadata): string {
  return JSON.stringify(shown);
}

/** Undefined when it is not a step's button. */
export function findStepValue(text: string | undefined): StepValue | undefined {
  return value.safeParse(toJson(text)).data;
}

/** Undefined when it is not a filled modal of a step. */
export function findStepMetadata(text: string | undefined): StepMetadata | undefined {
  return metadata.safeParse(toJson(text)).data;
}

function toJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
