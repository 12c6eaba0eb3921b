import { asText, isJson, jsonList } from "#sim/slack/json.ts";
import type { Json, View } from "#sim/slack/types.ts";

/** What a person put in: by block id and action id, a text, or values of chosen options. */
export type ViewValues = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** `state.values` of a modal: what was put in, else what it started with. */
export function stateOf(view: View, values: ViewValues = {}): Json {
  const state: Record<string, Record<string, Json>> = {};
  for (const { blockId, element } of inputsOf(view)) {
    const actionId = asText(element.action_id);
    (state[blockId] ??= {})[actionId] = elementState(element, values[blockId]?.[actionId]);
  }
  return state;
}

/** Inputs that must be filled and are not; Slack does not let these be submitted. */
export function missingInputs(view: View, values: ViewValues = {}): Record<string, string> {
  const missing: Record<string, string> = {};
  for (const { blockId, element, required } of inputsOf(view)) {
    const state = elementState(element, values[blockId]?.[asText(element.action_id)]);
    const held = state.value ?? state.selected_option ?? (jsonList(state.selected_options).length > 0 ? true : undefined);
    if (required && !held) missing[blockId] = "Please complete this required field.";
  }
  return missing;
}

interface Input {
  readonly blockId: string;
  readonly element: Json;
  readonly required: boolean;
}

const STATEFUL = ["checkboxes", "radio_buttons", "static_select", "plain_text_input"];

function inputsOf(view: View): Input[] {
  return jsonList(view.view.blocks).flatMap((block) => {
    const elements = [...jsonList(block.elements), ...[block.element, block.accessory].filter(isJson)];
    return elements
      .filter((element) => STATEFUL.includes(asText(element.type)))
      .map((element) => ({
        blockId: asText(block.block_id),
        element,
        required: block.type === "input" && block.optional !== true,
      }));
  });
}

function elementState(element: Json, given: string | readonly string[] | undefined): Json {
  if (element.type === "plain_text_input") return textState(element, given);
  const chosen = given === undefined ? undefined : pick(jsonList(element.options), [given].flat());
  if (element.type === "checkboxes") {
    return { type: element.type, selected_options: chosen ?? jsonList(element.initial_options) };
  }
  return { type: element.type, selected_option: chosen ? (chosen[0] ?? null) : (element.initial_option ?? null) };
}

function textState(element: Json, given: string | readonly string[] | undefined): Json {
  const text = given === undefined ? asText(element.initial_value) : [given].flat().join("");
  return { type: element.type, value: text === "" ? null : text };
}

function pick(offered: readonly Json[], chosen: readonly string[]): Json[] {
  return offered.filter((option) => chosen.includes(String(option.value)));
}
