/** How far a long command is. In a terminal one line that is written over; in a pipe only what `end` says. */
export interface Progress {
  /** At most five times a second something is shown, so it may be called for every batch. */
  readonly show: (text: () => string) => void;
  /** The last word: a plain line. */
  readonly end: (text: string) => void;
}

const everyMs = 200;

/** Writes to standard error, so that results on standard output stay clean. */
export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  let shownAt = -Infinity;
  const clear = stream.isTTY ? "\r\u001B[K" : "";
  return {
    show: (text) => {
      const now = performance.now();
      if (!stream.isTTY || now - shownAt < everyMs) return;
      shownAt = now;
      stream.write(`${clear}${text().slice(0, (stream.columns || 80) - 1)}`);
    },
    end: (text) => void stream.write(`${clear}${text}\n`),
  };
}
