import { createContext, useContext, useId, type AriaAttributes, type ReactNode } from "react";
import { isJson, jsonList } from "#sim/slack/json.ts";
import type { Json } from "#sim/page/slack.ts";
import { TextObject } from "./text.tsx";

/** What the inputs of a modal hold, by block id and action id. */
export type Values = Record<string, Record<string, string | string[]>>;

/** The inputs of one modal. */
export interface Form {
  readonly values: Values;
  readonly errors: Readonly<Record<string, string>>;
  readonly set: (blockId: string, actionId: string, value: string | string[]) => void;
}

const FormContext = createContext<Form>({ values: {}, errors: {}, set: () => undefined });

/** Gives a form to the inputs below. */
export const FormProvider = FormContext.Provider;

/** What the inputs of blocks hold before anybody touched them. */
export function initialValues(blocks: readonly Json[]): Values {
  const values: Values = {};
  for (const block of blocks) {
    const elements = [...jsonList(block.elements), ...[block.element, block.accessory].filter(isJson)];
    for (const element of elements) {
      const start = initialValue(element);
      if (start !== undefined) (values[String(block.block_id)] ??= {})[String(element.action_id)] = start;
    }
  }
  return values;
}

function initialValue(element: Json): string | string[] | undefined {
  if (element.type === "checkboxes") return jsonList(element.initial_options).map((option) => String(option.value));
  if (isJson(element.initial_option)) return String(element.initial_option.value);
  return typeof element.initial_value === "string" ? element.initial_value : undefined;
}

/** An input with its label, hint and the program's complaint. */
export function InputBlock({ block }: { readonly block: Json }): ReactNode {
  const { errors } = useContext(FormContext);
  const id = useId();
  const error = errors[String(block.block_id)];
  const [label, wrong, hint] = [`${id}label`, `${id}wrong`, `${id}hint`];
  const described = [error ? wrong : "", block.hint === undefined ? "" : hint].join(" ").trim();
  const names = {
    "aria-labelledby": label,
    ...(described ? { "aria-describedby": described } : {}),
    "aria-invalid": Boolean(error),
  };
  return (
    <fieldset className={error ? "s-input s-input-wrong" : "s-input"}>
      <legend id={label}>
        <TextObject value={block.label} />
        {block.optional === true && <span className="s-optional"> (optional)</span>}
      </legend>
      {isJson(block.element) && <InputElement element={block.element} blockId={String(block.block_id)} names={names} />}
      {error && (
        <p className="s-error" role="alert" id={wrong}>
          {error}
        </p>
      )}
      {block.hint !== undefined && (
        <p className="s-hint" id={hint}>
          <TextObject value={block.hint} />
        </p>
      )}
    </fieldset>
  );
}

interface InputProps {
  readonly element: Json;
  readonly blockId: string;
  /** What its block says of it; its placeholder where it stands in none. */
  readonly names?: AriaAttributes;
}

/** The input itself. */
export function InputElement({ element, blockId, names = { "aria-label": placeholderOf(element) } }: InputProps): ReactNode {
  switch (element.type) {
    case "checkboxes":
    case "radio_buttons":
      return <Choices element={element} blockId={blockId} />;
    case "plain_text_input":
      return <TextInput element={element} blockId={blockId} names={names} />;
    case "static_select":
      return <Select element={element} blockId={blockId} names={names} />;
    default:
      return <span className="s-hint">({String(element.type)})</span>;
  }
}

function useValue(element: Json, blockId: string): [string | string[] | undefined, (value: string | string[]) => void] {
  const { values, set } = useContext(FormContext);
  const actionId = String(element.action_id);
  return [values[blockId]?.[actionId], (value) => set(blockId, actionId, value)];
}

function Choices({ element, blockId }: InputProps): ReactNode {
  const [value, setValue] = useValue(element, blockId);
  const name = useId();
  const many = element.type === "checkboxes";
  const chosen = [value ?? []].flat();
  const toggle = (option: string): void => {
    if (!many) return setValue(option);
    setValue(chosen.includes(option) ? chosen.filter((each) => each !== option) : [...chosen, option]);
  };
  return jsonList(element.options).map((option) => {
    const key = String(option.value);
    return (
      <label key={key} className="s-choice">
        <input type={many ? "checkbox" : "radio"} name={name} checked={chosen.includes(key)} onChange={() => toggle(key)} />
        <span>
          <TextObject value={option.text} />
          {option.description !== undefined && (
            <span className="s-hint">
              <TextObject value={option.description} />
            </span>
          )}
        </span>
      </label>
    );
  });
}

function TextInput({ element, blockId, names }: InputProps): ReactNode {
  const [value, setValue] = useValue(element, blockId);
  const shared = {
    ...names,
    value: [value ?? ""].flat().join(""),
    placeholder: isJson(element.placeholder) ? String(element.placeholder.text) : undefined,
    maxLength: typeof element.max_length === "number" ? element.max_length : 3000,
    onChange: (event: { target: { value: string } }) => setValue(event.target.value),
  };
  return element.multiline === true ? <textarea rows={4} {...shared} /> : <input type="text" {...shared} />;
}

function Select({ element, blockId, names }: InputProps): ReactNode {
  const [value, setValue] = useValue(element, blockId);
  return (
    <select {...names} value={[value ?? ""].flat().join("")} onChange={(event) => setValue(event.target.value)}>
      <option value="" disabled>
        {placeholderOf(element)}
      </option>
      <MenuOptions element={element} />
    </select>
  );
}

/** What stands in an input before somebody fills it in. */
export function placeholderOf(element: Json): string {
  return isJson(element.placeholder) ? String(element.placeholder.text) : "Choose an option";
}

/** What a menu offers, in groups where it has groups. */
export function MenuOptions({ element }: { readonly element: Json }): ReactNode {
  const toOption = (option: Json): ReactNode => (
    <option key={String(option.value)} value={String(option.value)}>
      {isJson(option.text) ? String(option.text.text) : ""}
    </option>
  );
  return (
    <>
      {jsonList(element.options).map(toOption)}
      {jsonList(element.option_groups).map((group) => {
        const label = isJson(group.label) ? String(group.label.text) : "";
        return (
          <optgroup key={label} label={label}>
            {jsonList(group.options).map(toOption)}
          </optgroup>
        );
      })}
    </>
  );
}
