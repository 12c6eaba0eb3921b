/** Cuts a stream of bytes into lines, so that a chunk may end in the middle of a character. */
export interface LineSplitter {
  push(chunk: Buffer): void;
}

/** Calls `onLine` for each full line; one longer than `maxBytes` is skipped to its end and reported once, with nothing of it kept. */
export function createLineSplitter(maxBytes: number, onLine: (line: string) => void, onTooLong: () => void): LineSplitter {
  let kept: Buffer[] = [];
  let bytes = 0;
  let skipping = false;

  const keep = (part: Buffer) => {
    bytes += part.length;
    if (!skipping && bytes > maxBytes) {
      skipping = true;
      kept = [];
      onTooLong();
    }
    if (!skipping && part.length > 0) kept.push(part);
  };
  const finish = () => {
    const line = kept.length === 1 ? kept[0]?.toString("utf8") : Buffer.concat(kept).toString("utf8");
    const empty = skipping || bytes === 0;
    kept = [];
    bytes = 0;
    skipping = false;
    if (!empty && line) onLine(line);
  };

  return {
    push: (chunk) => {
      let from = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        keep(chunk.subarray(from, end));
        finish();
        from = end + 1;
      }
      if (from < chunk.length) keep(chunk.subarray(from));
    },
  };
}
