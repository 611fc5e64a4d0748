/**
 * The known word that a misspelt one stands for: the one fewest slips away (a letter missing, too many, other, or swapped
 * with the next), at most one slip in four letters, or the one it begins.
 *
 * @returns undefined where no word is near
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(word.length / 4));
  const ranked = known
    .map((candidate) => ({ candidate, slips: slipsBetween(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((left, right) => left.slips - right.slips);
  const [first] = ranked;
  if (first !== undefined && first.slips <= most) return first.candidate;
  return word.length < 3 ? undefined : known.find((candidate) => candidate.startsWith(word));
}

/** `did you mean "replicas"? ` in front of a fix; nothing where no known word is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const found = nearest(word, known);
  return found === undefined ? "" : `did you mean "${found}"? `;
}

/** Optimal string alignment distance. */
function slipsBetween(left: string, right: string): number {
  const rows = [Array.from({ length: right.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= left.length; row++) {
    const line = [row];
    for (let column = 1; column <= right.length; column++) {
      const at = (up: number, back: number) => (up === 0 ? line : rows[row - up])?.[column - back] ?? Infinity;
      const isSame = left[row - 1] === right[column - 1];
      const isSwapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const swapped = isSwapped ? at(2, 2) + 1 : Infinity;
      line.push(Math.min(at(1, 0) + 1, at(0, 1) + 1, at(1, 1) + (isSame ? 0 : 1), swapped));
    }
    rows.push(line);
  }
  return rows.at(-1)?.at(-1) ?? Infinity;
}
