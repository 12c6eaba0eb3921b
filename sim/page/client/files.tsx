import { useState, type ReactNode } from "react";
import type { PageFile } from "#sim/page/state.ts";

/** How many lines of a text are shown before somebody asks for more. */
const FEW_LINES = 12;

/** Files that were shared with a message: pictures as pictures, texts by their beginning. */
export function Files({ files }: { readonly files: readonly PageFile[] }): ReactNode {
  return files.map((file) => (
    <figure key={file.id} className="s-file">
      <figcaption className="s-file-head">
        <span className="s-file-mark" aria-hidden>
          {file.name.split(".").at(-1)?.slice(0, 4)}
        </span>
        <span className="s-file-name">
          <strong>{file.title}</strong>
          <small>
            {file.name} · {sizeOf(file.size)}
          </small>
        </span>
        <a className="s-file-get" href={`/files/${file.id}?download`} download={file.name} aria-label={`Download ${file.name}`}>
          Download
        </a>
      </figcaption>
      {file.kind === "picture" && <Picture src={`/files/${file.id}`} alt={file.altText ?? file.title} />}
      {file.beginning !== undefined && (
        <Beginning name={file.name} text={file.beginning} isAll={file.size <= file.beginning.length} />
      )}
    </figure>
  ));
}

function Beginning({ name, text, isAll }: { readonly name: string; readonly text: string; readonly isAll: boolean }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const lines = text.split("\n");
  const isLong = lines.length > FEW_LINES || !isAll;
  return (
    <>
      <pre className="s-file-text" tabIndex={0} aria-label={`Beginning of ${name}`}>
        {isOpen ? text : lines.slice(0, FEW_LINES).join("\n")}
        {isLong && (!isOpen || !isAll) && "\n…"}
      </pre>
      {lines.length > FEW_LINES && (
        <button type="button" className="s-file-more" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? "Show less" : "Show more"}
        </button>
      )}
    </>
  );
}

/** A picture that opens in a window of its own; its words where it does not come. */
export function Picture({ src, alt }: { readonly src: string; readonly alt: string }): ReactNode {
  const [isLost, setLost] = useState(false);
  if (isLost || src === "") {
    return (
      <p className="s-picture-lost" role="img" aria-label={alt}>
        {alt}
      </p>
    );
  }
  return (
    <a className="s-picture" href={src} target="_blank" rel="noreferrer">
      <img src={src} alt={alt} onError={() => setLost(true)} />
    </a>
  );
}

function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
