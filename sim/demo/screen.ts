import type { WriteStream } from "node:tty";

/** Where lines go. */
export interface Screen {
  print(line: string): void;
  /** Rewrites the last line; only on a terminal. */
  refresh?: (line: string) => void;
}

/** A terminal gets a last line that is rewritten; a pipe gets plain lines. */
export function createScreen(out: Pick<WriteStream, "write" | "isTTY" | "columns">): Screen {
  if (!out.isTTY) return { print: (line) => void out.write(`${line}\n`) };
  let last = "";
  const draw = () => void out.write(`\r\x1b[K${last.slice(0, (out.columns || 80) - 1)}`);
  return {
    print: (line) => {
      out.write(`\r\x1b[K${line}\n`);
      if (last) draw();
    },
    refresh: (line) => {
      last = line;
      draw();
    },
  };
}
