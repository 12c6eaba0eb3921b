import type { types } from "@slack/bolt";
import { type Rule, fitted } from "./rule.ts";
import { anything, exact, plainText } from "./elements.ts";
import { homeBlocks, modalBlocks } from "./blocks.ts";

/** What `views.open`, `views.update` and `views.publish` take. */
export type AnyView = types.ModalView | types.HomeView;

const common: Readonly<Record<string, Rule>> = {
  type: anything,
  callback_id: exact(255),
  external_id: exact(255),
  private_metadata: exact(3_000),
};
const views: Rule = {
  kind: "typed",
  types: {
    modal: {
      kind: "object",
      fields: {
        ...common,
        blocks: modalBlocks,
        title: { needed: plainText(24) },
        submit: plainText(24),
        close: plainText(24),
        clear_on_close: anything,
        notify_on_close: anything,
        submit_disabled: anything,
      },
      also: (view) =>
        view["submit"] === undefined && hasInput(view["blocks"])
          ? { fixed: { ...view, submit: { type: "plain_text", text: "OK" } }, problem: "needs submit where there is an input" }
          : { fixed: view },
    },
    home: { kind: "object", fields: { ...common, blocks: homeBlocks } },
  },
};

function hasInput(blocks: unknown): boolean {
  return Array.isArray(blocks) && blocks.some((block: { type?: unknown }) => block.type === "input");
}

/** A modal or a home as Slack takes it, and what was wrong with it. */
export function fitView<V extends AnyView>(view: V): { readonly view: V; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const fit = fitted(view, views, "/view", (pointer, problem) => void problems.push(`${pointer} ${problem}`));
  return { view: problems.length === 0 || fit === undefined ? view : (fit as V), problems };
}
