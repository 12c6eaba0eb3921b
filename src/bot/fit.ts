/** Cuts to at most `max` UTF-16 units, with `…`; never splits a surrogate pair or an entity such as `&lt;`. Expects escaped text without `<...>` tokens. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  let end = Math.max(0, max - 1);
  const entity = text.slice(Math.max(0, end - 4), end + 4).matchAll(/&(amp|lt|gt);/g);
  for (const match of entity) {
    const start = Math.max(0, end - 4) + match.index;
    if (start < end && start + match[0].length > end) end = start;
  }
  if (isHighSurrogate(text.charCodeAt(end - 1))) end -= 1;
  return `${text.slice(0, end).trimEnd()}…`;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** The first lines that fit into `max` characters; says how many more there are. Each line stays whole, so that no token breaks. */
export function fitLines(lines: readonly string[], max: number): string {
  if (lines.join("\n").length <= max) return lines.join("\n");
  const kept: string[] = [];
  let room = max - 20;
  for (const line of lines) {
    if (line.length + 1 > room) break;
    kept.push(line);
    room -= line.length + 1;
  }
  return [...kept, `… ${lines.length - kept.length} more`].join("\n");
}

/** Lines that fit into `max` characters, cut from the middle: a third of the room for the beginning, the rest for the end. */
export function fitMiddle(lines: readonly string[], max: number): readonly string[] {
  const size = (line: string) => line.length + 1;
  if (lines.reduce((sum, line) => sum + size(line), 0) <= max) return lines;
  const room = max - 40;
  const head = countThatFit(lines, room / 3, size);
  const tail = countThatFit(lines.slice(head).reverse(), (room * 2) / 3, size);
  const left = lines.length - head - tail;
  return [
    ...lines.slice(0, head),
    `… ${left} ${left === 1 ? "entry" : "entries"} left out …`,
    ...lines.slice(lines.length - tail),
  ];
}

/** How many of the lines, from the first on, fit into the room. */
export function countThatFit(lines: readonly string[], room: number, size: (line: string) => number): number {
  let used = 0;
  let count = 0;
  for (const line of lines) {
    used += size(line);
    if (used > room) break;
    count += 1;
  }
  return count;
}

/** Lines packed into texts of at most `max` characters. */
export function pack(lines: readonly string[], max: number): readonly string[] {
  const packed: string[] = [];
  for (const line of lines) {
    const last = packed.at(-1);
    if (last !== undefined && last.length + 1 + line.length <= max) packed[packed.length - 1] = `${last}\n${line}`;
    else packed.push(line);
  }
  return packed;
}
