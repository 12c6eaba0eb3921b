import { useState } from "react";
import { jsonList } from "#sim/slack/json.ts";
import type { PageView } from "#sim/page/state.ts";
import type { PressHandler } from "./elements.tsx";
import { initialValues, type Form, type Values } from "./inputs.tsx";
import { useWorld } from "./world.ts";

/** What was put into a modal or the app's page, and what a press in it does. */
export function useViewForm(view: PageView): { readonly form: Form; readonly press: PressHandler } {
  const { act } = useWorld();
  const [touched, setTouched] = useState<Values>({});
  const values = merge(initialValues(jsonList(view.view.blocks)), touched);
  const set: Form["set"] = (blockId, actionId, value) =>
    setTouched((now) => ({ ...now, [blockId]: { ...now[blockId], [actionId]: value } }));
  const press: PressHandler = async (actionId, value) => {
    const pressed = { user: view.user, view: view.id, actionId, values };
    await act({ kind: "press-in-view", ...pressed, ...(value === undefined ? {} : { value }) });
  };
  return { press, form: { values, errors: view.errors, set } };
}

function merge(start: Values, touched: Values): Values {
  const merged: Values = { ...start };
  for (const [block, actions] of Object.entries(touched)) merged[block] = { ...merged[block], ...actions };
  return merged;
}
