import { asText } from "#sim/slack/json.ts";
import type { Json } from "#sim/slack/types.ts";
import { checkConfirm, checkGroups, checkInitial, checkOptions } from "./objects.ts";
import type { Problems } from "./problems.ts";
import { checkPlain, checkText } from "./text.ts";

/** Where an element stands; not every element may stand everywhere. */
export type Place = "actions" | "accessory" | "context" | "input";

type Check = (element: Json, pointer: string, problems: Problems) => void;

interface ElementRule {
  readonly places: readonly Place[];
  readonly fields: readonly string[];
  readonly check: Check;
}

function checkButton(element: Json, pointer: string, problems: Problems): void {
  if (problems.requireField(element, "text", pointer)) checkPlain(element.text, `${pointer}/text`, 75, problems);
  problems.checkLength(element.value, `${pointer}/value`, { max: 2000 });
  problems.checkLength(element.url, `${pointer}/url`, { max: 3000 });
  problems.checkLength(element.accessibility_label, `${pointer}/accessibility_label`, { max: 75 });
  if (element.style !== undefined && element.style !== "primary" && element.style !== "danger") {
    problems.add(`${pointer}/style`, "must be one of the styles primary, danger");
  }
}

function choice(max: number, initialField: string): Check {
  return (element, pointer, problems) => {
    if (element.option_groups === undefined) checkOptions(element.options, `${pointer}/options`, max, problems);
    else checkGroups(element.option_groups, `${pointer}/option_groups`, problems);
    checkInitial(element, initialField, pointer, problems);
    if (element.placeholder !== undefined) checkPlain(element.placeholder, `${pointer}/placeholder`, 150, problems);
  };
}

function checkTextInput(element: Json, pointer: string, problems: Problems): void {
  if (element.placeholder !== undefined) checkPlain(element.placeholder, `${pointer}/placeholder`, 150, problems);
  problems.checkLength(element.initial_value, `${pointer}/initial_value`, { max: 3000 });
  if (typeof element.max_length === "number" && (element.max_length < 1 || element.max_length > 3000)) {
    problems.add(`${pointer}/max_length`, "must be between 1 and 3000");
  }
}

function checkImage(element: Json, pointer: string, problems: Problems): void {
  problems.requireField(element, "alt_text", pointer);
  problems.checkLength(element.alt_text, `${pointer}/alt_text`, { max: 2000 });
  problems.checkLength(element.image_url, `${pointer}/image_url`, { max: 3000 });
  if ((element.image_url === undefined) === (element.slack_file === undefined)) {
    problems.add(pointer, "must define either `image_url` or `slack_file`");
  }
  checkSlackFile(element.slack_file, `${pointer}/slack_file`, problems);
}

/** A file of the workspace by its id or its address: https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object */
export function checkSlackFile(value: unknown, pointer: string, problems: Problems): void {
  if (value === undefined || !problems.checkObject(value, pointer)) return;
  problems.checkKnown(value, ["id", "url"], pointer);
  if ((value.id === undefined) === (value.url === undefined)) problems.add(pointer, "must define either `id` or `url`");
  if (value.id !== undefined && !/^F[A-Z0-9]{8,}$/u.test(asText(value.id)))
    problems.add(`${pointer}/id`, "input must match regex pattern: ^[F][A-Z0-9]{8,}$");
}

const COMMON = ["type", "action_id", "confirm", "focus_on_load"];
const MENU = [...COMMON, "placeholder", "options"];

const RULES: Readonly<Record<string, ElementRule>> = {
  button: {
    places: ["actions", "accessory"],
    fields: [...COMMON, "text", "value", "url", "style", "accessibility_label"],
    check: checkButton,
  },
  checkboxes: {
    places: ["actions", "accessory", "input"],
    fields: [...COMMON, "options", "initial_options"],
    check: choice(10, "initial_options"),
  },
  radio_buttons: {
    places: ["actions", "accessory", "input"],
    fields: [...COMMON, "options", "initial_option"],
    check: choice(10, "initial_option"),
  },
  static_select: {
    places: ["actions", "accessory", "input"],
    fields: [...MENU, "option_groups", "initial_option"],
    check: choice(100, "initial_option"),
  },
  overflow: { places: ["actions", "accessory"], fields: [...COMMON, "options"], check: choice(5, "initial_option") },
  plain_text_input: {
    places: ["input"],
    fields: [...COMMON, "placeholder", "initial_value", "multiline", "min_length", "max_length", "dispatch_action_config"],
    check: checkTextInput,
  },
  image: { places: ["accessory", "context"], fields: ["type", "image_url", "slack_file", "alt_text"], check: checkImage },
};

/** One element at a place: known, allowed there, and within its limits. */
export function checkElement(value: unknown, place: Place, pointer: string, problems: Problems): void {
  if (!problems.checkObject(value, pointer)) return;
  if (place === "context" && value.type !== "image") return checkText(value, pointer, { max: 3000 }, problems);
  const rule = RULES[asText(value.type)];
  if (!rule?.places.includes(place)) return problems.add(`${pointer}/type`, `unsupported type: ${asText(value.type)}`);
  problems.checkKnown(value, rule.fields, pointer);
  problems.checkLength(value.action_id, `${pointer}/action_id`, { min: 1, max: 255 });
  checkConfirm(value.confirm, `${pointer}/confirm`, problems);
  rule.check(value, pointer, problems);
}
