import { jsonList } from "#sim/slack/json.ts";
import type { Json } from "#sim/slack/types.ts";
import type { Problems } from "./problems.ts";
import { checkPlain, checkText } from "./text.ts";

/** A list of options: 75 characters of text, 150 of value, 75 of description. */
export function checkOptions(value: unknown, pointer: string, max: number, problems: Problems): void {
  const options = problems.checkList(value, pointer, { min: 1, max });
  const values = new Set<unknown>();
  for (const [index, option] of options.entries()) {
    const at = `${pointer}/${index}`;
    if (!problems.checkObject(option, at)) continue;
    problems.checkKnown(option, ["text", "value", "description", "url"], at);
    if (problems.requireField(option, "text", at)) checkText(option.text, `${at}/text`, { max: 75 }, problems);
    if (problems.requireField(option, "value", at)) problems.checkLength(option.value, `${at}/value`, { max: 150 });
    if (option.description !== undefined) checkText(option.description, `${at}/description`, { max: 75 }, problems);
    if (values.has(option.value)) problems.add(at, "option values must be unique");
    values.add(option.value);
  }
}

/** Groups of options of a menu: 100, each with a label of 75 characters. */
export function checkGroups(value: unknown, pointer: string, problems: Problems): void {
  for (const [index, group] of problems.checkList(value, pointer, { min: 1, max: 100 }).entries()) {
    const at = `${pointer}/${index}`;
    if (!problems.checkObject(group, at)) continue;
    problems.checkKnown(group, ["label", "options"], at);
    if (problems.requireField(group, "label", at)) checkPlain(group.label, `${at}/label`, 75, problems);
    checkOptions(group.options, `${at}/options`, 100, problems);
  }
}

/** All options of a menu, in groups or not. */
export function optionsOf(element: Json): Json[] {
  return [...jsonList(element.options), ...jsonList(element.option_groups).flatMap((group) => jsonList(group.options))];
}

/** Options that are chosen from the start must be among those that are offered. */
export function checkInitial(element: Json, field: string, pointer: string, problems: Problems): void {
  const initial = element[field];
  if (initial === undefined) return;
  const offered = new Set(optionsOf(element).map((each) => JSON.stringify(each)));
  const chosen: readonly unknown[] = Array.isArray(initial) ? initial : [initial];
  if (chosen.length === 0) problems.add(`${pointer}/${field}`, "no fewer than 1 items allowed");
  for (const each of chosen) {
    if (!offered.has(JSON.stringify(each))) problems.add(`${pointer}/${field}`, "must exactly match one of the options");
  }
}

/** The dialog that asks once more. */
export function checkConfirm(value: unknown, pointer: string, problems: Problems): void {
  if (value === undefined || !problems.checkObject(value, pointer)) return;
  problems.checkKnown(value, ["title", "text", "confirm", "deny", "style"], pointer);
  checkPlain(value.title, `${pointer}/title`, 100, problems);
  checkText(value.text, `${pointer}/text`, { max: 300 }, problems);
  checkPlain(value.confirm, `${pointer}/confirm`, 30, problems);
  checkPlain(value.deny, `${pointer}/deny`, 30, problems);
}
