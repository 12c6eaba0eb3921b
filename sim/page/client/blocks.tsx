import { useState, type ComponentProps, type ReactNode } from "react";
import { Message as ForeignBlocks } from "slack-blocks-to-jsx";
import { isJson, jsonList } from "#sim/slack/json.ts";
import type { Json } from "#sim/page/slack.ts";
import { ChartBlock } from "./chart.tsx";
import { Element } from "./elements.tsx";
import { ImageBlock, SmallImage } from "./image.tsx";
import { InputBlock } from "./inputs.tsx";
import { TableBlock } from "./table.tsx";
import { TextObject } from "./text.tsx";

/** Block Kit: the everyday blocks here (so that they can be pressed and their text is Slack's markup), all others by slack-blocks-to-jsx. */
export function Blocks({ blocks }: { readonly blocks: readonly Json[] }): ReactNode {
  return (
    <div className="s-blocks">
      {blocks.map((block, index) => (
        <Block key={typeof block.block_id === "string" ? block.block_id : index} block={block} />
      ))}
    </div>
  );
}

function Block({ block }: { readonly block: Json }): ReactNode {
  switch (block.type) {
    case "header":
      return (
        <h3 className="s-header">
          <TextObject value={block.text} />
        </h3>
      );
    case "divider":
      return <hr className="s-divider" />;
    case "section":
      return <Section block={block} />;
    case "context":
      return <Context block={block} />;
    case "actions":
      return (
        <div className="s-actions">
          {jsonList(block.elements).map((element, index) => (
            <Element key={index} element={element} blockId={String(block.block_id)} />
          ))}
        </div>
      );
    case "image":
      return <ImageBlock block={block} />;
    case "data_visualization":
      return <ChartBlock block={block} />;
    case "table":
      return <TableBlock block={block} />;
    case "input":
      return <InputBlock block={block} />;
    default:
      return <Foreign block={block} />;
  }
}

/** From here on a section is folded. Slack does not say where it does. */
const FOLDED_FROM = 700;
const FEW_LINES = 6;

function Section({ block }: { readonly block: Json }): ReactNode {
  const fields = jsonList(block.fields);
  return (
    <div className="s-section">
      <div className="s-section-text">
        {block.text !== undefined && <SectionText text={block.text} isWhole={block.expand === true} />}
        {fields.length > 0 && (
          <div className="s-fields">
            {fields.map((field, index) => (
              <div key={index} className="s-field">
                <TextObject value={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {isJson(block.accessory) && <Accessory element={block.accessory} blockId={String(block.block_id)} />}
    </div>
  );
}

/** As Slack does: a long text is folded, unless it says that it wants to be shown whole. */
function SectionText({ text, isWhole }: { readonly text: unknown; readonly isWhole: boolean }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const words = isJson(text) && typeof text.text === "string" ? text.text : "";
  if (isWhole || (words.length <= FOLDED_FROM && words.split("\n").length <= FEW_LINES)) return <TextObject value={text} />;
  return (
    <>
      <div className={isOpen ? undefined : "s-folded"}>
        <TextObject value={text} />
      </div>
      <button type="button" className="s-more" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? "See less" : "See more"}
      </button>
    </>
  );
}

function Accessory({ element, blockId }: { readonly element: Json; readonly blockId: string }): ReactNode {
  return element.type === "image" ? <SmallImage element={element} /> : <Element element={element} blockId={blockId} />;
}

function Context({ block }: { readonly block: Json }): ReactNode {
  return (
    <div className="s-context">
      {jsonList(block.elements).map((element, index) => (
        <div key={index} className="s-context-item">
          {element.type === "image" ? <SmallImage element={element} /> : <TextObject value={element} />}
        </div>
      ))}
    </div>
  );
}

function Foreign({ block }: { readonly block: Json }): ReactNode {
  const blocks = [block] as unknown as ComponentProps<typeof ForeignBlocks>["blocks"];
  return <ForeignBlocks blocks={blocks} logo="" name="" theme="light" withoutWrapper />;
}
