import type { Problems } from "./problems.ts";

/** Which kinds of text object may stand somewhere, and how long. */
export interface TextRule {
  readonly max: number;
  readonly kinds?: readonly ("plain_text" | "mrkdwn")[];
}

const FIELDS = { plain_text: ["type", "text", "emoji"], mrkdwn: ["type", "text", "verbatim"] } as const;

/** A text object: https://docs.slack.dev/reference/block-kit/composition-objects/text-object */
export function checkText(value: unknown, pointer: string, rule: TextRule, problems: Problems): void {
  if (!problems.checkObject(value, pointer)) return;
  const kinds = rule.kinds ?? ["plain_text", "mrkdwn"];
  const kind = kinds.find((each) => each === value.type);
  if (!kind) return problems.add(pointer, `must be one of the text types ${kinds.join(", ")}`);
  problems.checkKnown(value, FIELDS[kind], pointer);
  if (!problems.requireField(value, "text", pointer)) return;
  problems.checkLength(value.text, `${pointer}/text`, { min: 1, max: rule.max });
}

/** A text object of plain text only. */
export function checkPlain(value: unknown, pointer: string, max: number, problems: Problems): void {
  checkText(value, pointer, { max, kinds: ["plain_text"] }, problems);
}
