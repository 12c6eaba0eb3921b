import type { Json, Rule } from "./rule.ts";

// https://docs.slack.dev/reference/block-kit/block-elements and .../composition-objects
export const anything: Rule = { kind: "any" };
export const plainText = (max: number): Rule => ({ kind: "text", max, plainOnly: true });
export const text = (max: number): Rule => ({ kind: "text", max });
export const string = (max: number): Rule => ({ kind: "string", max });
/** Not cut: half of an address or a value is none. */
export const exact = (max: number, min = 0): Rule => ({ kind: "string", min, max, exact: true });

const confirm: Rule = {
  kind: "object",
  fields: {
    title: { needed: plainText(100) },
    text: { needed: text(300) },
    confirm: { needed: plainText(30) },
    deny: { needed: plainText(30) },
    style: { kind: "one", of: ["primary", "danger"] },
  },
};

const option: Rule = {
  kind: "object",
  fields: {
    text: { needed: text(75) },
    value: { needed: exact(150) },
    description: text(75),
    url: exact(3_000),
  },
};
const options = (max: number): Rule => ({ kind: "list", of: option, min: 1, max, unique: "value" });
const group: Rule = { kind: "object", fields: { label: { needed: plainText(75) }, options: { needed: options(100) } } };

const interactive = { type: anything, action_id: { needed: exact(255, 1), optional: true }, confirm, focus_on_load: anything };

/** A file of the workspace, by its id or its address. */
const slackFile: Rule = {
  kind: "object",
  fields: {
    id: { needed: { kind: "string", max: 255, exact: true, like: /^F[A-Z0-9]{8,}$/ }, optional: true },
    url: exact(3_000),
  },
  also: (file) => oneOf(file, ["id", "url"]),
};

/** Image elements and blocks: one source, and words for those who do not see it. */
export const imageFields = {
  type: anything,
  image_url: exact(3_000),
  slack_file: slackFile,
  alt_text: { needed: string(2_000) },
};

/** Exactly one source. */
export function oneSource(image: Json) {
  return oneOf(image, ["image_url", "slack_file"]);
}

function oneOf(object: Json, names: readonly string[]): { fixed: Json | undefined; problem?: string } {
  const isOne = names.filter((name) => object[name] !== undefined).length === 1;
  return isOne ? { fixed: object } : { fixed: undefined, problem: `needs either ${names.join(" or ")}` };
}

/** What is chosen at first must be among what is offered. */
function withOffered(element: Json): { fixed: Json | undefined; problem?: string } {
  const { options: plain, option_groups: groups, initial_option: one, initial_options: several, ...rest } = element;
  if (plain === undefined && groups === undefined) return { fixed: undefined, problem: "needs options" };
  const listed = [...asList(plain), ...asList(groups).flatMap((each) => asList((each as Json)["options"]))];
  const offered = new Set(listed.map((each) => JSON.stringify(each)));
  const chosen = [...(one === undefined ? [] : [one]), ...asList(several)];
  const isEmpty = Array.isArray(several) && several.length === 0;
  if (!isEmpty && chosen.every((each) => offered.has(JSON.stringify(each)))) return { fixed: element };
  const lists = {
    ...(plain === undefined ? {} : { options: plain }),
    ...(groups === undefined ? {} : { option_groups: groups }),
  };
  return { fixed: { ...rest, ...lists }, problem: "offers no such option as it chooses at first" };
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

const choice = (max: number, more: Readonly<Record<string, Rule>> = {}): Rule => ({
  kind: "object",
  fields: { ...interactive, options: options(max), initial_option: anything, ...more },
  also: withOffered,
});

const button: Rule = {
  kind: "object",
  fields: {
    ...interactive,
    text: { needed: plainText(75) },
    value: { needed: exact(2_000), optional: true },
    url: { needed: exact(3_000), optional: true },
    style: { kind: "one", of: ["primary", "danger"] },
    accessibility_label: string(75),
  },
};

const input: Rule = {
  kind: "object",
  fields: {
    ...interactive,
    placeholder: plainText(150),
    initial_value: string(3_000),
    multiline: anything,
    min_length: anything,
    max_length: anything,
    dispatch_action_config: anything,
  },
};

const menus = {
  checkboxes: choice(10, { initial_options: anything }),
  radio_buttons: choice(10),
  static_select: choice(100, {
    placeholder: plainText(150),
    option_groups: { kind: "list", of: group, min: 1, max: 100 },
  }),
};

/** Elements that Slack takes and that we do not look into. */
const others: Readonly<Record<string, Rule>> = Object.fromEntries(
  [
    "users_select",
    "conversations_select",
    "channels_select",
    "external_select",
    "multi_static_select",
    "multi_users_select",
    "multi_conversations_select",
    "datepicker",
    "timepicker",
    "datetimepicker",
    "number_input",
    "email_text_input",
    "url_text_input",
    "file_input",
    "rich_text_input",
    "workflow_button",
  ].map((type) => [type, anything]),
);

const image: Rule = { kind: "object", fields: imageFields, also: oneSource };

/** What may stand in a row of actions, beside a section, in an input, in a context. */
export const inActions: Rule = { kind: "typed", types: { ...others, ...menus, button, overflow: choice(5) } };
export const inAccessory: Rule = { kind: "typed", types: { ...others, ...menus, button, overflow: choice(5), image } };
export const inInput: Rule = { kind: "typed", types: { ...others, ...menus, plain_text_input: input } };
export const inContext: Rule = { kind: "typed", types: { image, plain_text: text(3_000), mrkdwn: text(3_000) } };
