import type { ReactNode } from "react";
import { isJson } from "#sim/slack/json.ts";
import type { Json } from "#sim/page/slack.ts";
import { Picture } from "./files.tsx";
import { TextObject } from "./text.tsx";

/** An image block: a file of the workspace or an address, with its title above. */
export function ImageBlock({ block }: { readonly block: Json }): ReactNode {
  return (
    <div className="s-image">
      {block.title !== undefined && (
        <p className="s-image-title">
          <TextObject value={block.title} />
        </p>
      )}
      <Picture src={sourceOf(block)} alt={String(block.alt_text)} />
    </div>
  );
}

/** A small image in a context or beside a section. */
export function SmallImage({ element }: { readonly element: Json }): ReactNode {
  return <img className="s-image-small" src={sourceOf(element)} alt={String(element.alt_text)} />;
}

function sourceOf(image: Json): string {
  if (typeof image.image_url === "string") return image.image_url;
  const file = isJson(image.slack_file) ? image.slack_file : {};
  const id = typeof file.id === "string" ? file.id : /\bF[A-Z0-9]{8,}\b/u.exec(String(file.url))?.[0];
  return id === undefined ? "" : `/files/${id}`;
}
