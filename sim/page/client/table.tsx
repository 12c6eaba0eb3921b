import type { CSSProperties, ReactNode } from "react";
import { asText, jsonList } from "#sim/slack/json.ts";
import type { Json } from "#sim/page/slack.ts";

/** A table block: its first row is its head. It scrolls by itself where it is wider than its place. */
export function TableBlock({ block }: { readonly block: Json }): ReactNode {
  const [head = [], ...rows] = (Array.isArray(block.rows) ? block.rows : []).map(jsonList);
  const styles = jsonList(block.column_settings).map(styleOf);
  return (
    <div className="s-table" tabIndex={0} role="region" aria-label="Table">
      <table>
        <thead>
          <tr>
            {head.map((cell, column) => (
              <th key={column} scope="col" style={styles[column]}>
                {textOf(cell)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} style={styles[column]}>
                  {textOf(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function styleOf({ align, is_wrapped: isWrapped }: Json): CSSProperties {
  const textAlign = align === "right" || align === "center" ? align : "left";
  return { textAlign, whiteSpace: isWrapped === true ? "normal" : "nowrap" };
}

/** The text of a cell, which is plain or rich. */
function textOf(cell: Json): string {
  if (typeof cell.text === "string") return cell.text;
  return jsonList(cell.elements).map(textOf).join("") || asText(cell.url);
}
