import { z } from "zod";
import { type Step, stepName } from "#domain/plan.ts";

const id = z.string().min(1).max(1_000);
const value = z.object({ incident: id, step: id, title: z.string().max(24).optional() });
const metadata = z.object({
  incident: id,
  step: id,
  intent: z.string().regex(/^[0-9a-f]{64}$/),
  choice: z.string().max(200).optional(),
});

/** Which step of which incident. */
export type StepValue = z.infer<typeof value>;
/** The same, with the hash of the intent that was shown, and what was chosen there. */
export type StepMetadata = z.infer<typeof metadata>;

/** What a button carries; `title`: of the modal that it opens, before anybody has read the incident. */
export function stepValue(incident: string, { id: step, kind }: Pick<Step, "id" | "kind">): string {
  return JSON.stringify({ incident, step, title: stepName[kind] } satisfies StepValue);
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

/** What a button carries, read; undefined when it is no JSON. */
export function toJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
