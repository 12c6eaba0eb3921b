/**
 * How many letters were added, left out, mistaken or swapped with their neighbour between two words, each letter touched once
 * (optimal string alignment, Damerau 1964). The small libraries for edit distance count a swap, the commonest typo, as two.
 */
export function editsBetween(one: string, other: string): number {
  // What both begin with costs nothing to skip, and names of one team often do.
  let same = 0;
  while (same < one.length && one[same] === other[same]) same += 1;
  return edits(one.slice(same), other.slice(same));
}

function edits(left: string, right: string): number {
  let before: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current.push(
        Math.min(
          at(last, column) + 1,
          at(current, column - 1) + 1,
          at(last, column - 1) + (same ? 0 : 1),
          swapped ? at(before, column - 2) + 1 : Infinity,
        ),
      );
    }
    before = last;
    last = current;
  }
  return at(last, right.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
