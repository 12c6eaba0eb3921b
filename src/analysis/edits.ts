/**
 * How many letters were added, left out, mistaken or swapped with their neighbour between two words, each letter touched once
 * (optimal string alignment, Damerau 1964); Infinity where it is more than `most`. The small libraries for edit distance count a swap,
 * the commonest typo, as two.
 */
export function editsBetween(one: string, other: string, most = Infinity): number {
  if (Math.abs(one.length - other.length) > most) return Infinity;
  // What both begin with costs nothing to skip, and names of one team often do.
  let same = 0;
  while (same < one.length && one[same] === other[same]) same += 1;
  return edits(one.slice(same), other.slice(same), most);
}

function edits(left: string, right: string, most: number): number {
  let before: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = nextRow({ left, right, row, before, last, most });
    // From here on it only becomes more.
    if (current.every((sofar) => sofar > most)) return Infinity;
    before = last;
    last = current;
  }
  const all = at(last, right.length);
  return all > most ? Infinity : all;
}

interface Row {
  readonly left: string;
  readonly right: string;
  readonly row: number;
  readonly before: readonly number[];
  readonly last: readonly number[];
  readonly most: number;
}

/** Only columns that `most` edits can reach are looked at. */
function nextRow({ left, right, row, before, last, most }: Row): number[] {
  const current = Array<number>(right.length + 1).fill(Infinity);
  current[0] = row;
  const to = Math.min(right.length, row + most);
  for (let column = Math.max(1, row - most); column <= to; column += 1) {
    const isSame = left[row - 1] === right[column - 1];
    const isSwapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
    current[column] = Math.min(
      at(last, column) + 1,
      at(current, column - 1) + 1,
      at(last, column - 1) + (isSame ? 0 : 1),
      isSwapped ? at(before, column - 2) + 1 : Infinity,
    );
  }
  return current;
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
