/**
 * Holm's (1979) adjusted p values, in the order given: the chance of any false finding in one question
 * stays below the level, whatever depends on what. Null entries were not tested and stay null.
 */
export function holm(pValues: readonly (number | null)[]): readonly (number | null)[] {
  const order = ascending(pValues);
  const adjusted: (number | null)[] = pValues.map(() => null);
  let least = 0;
  order.forEach(({ p, index }, rank) => {
    least = Math.max(least, Math.min(1, p * (order.length - rank)));
    adjusted[index] = least;
  });
  return adjusted;
}

/**
 * Benjamini and Hochberg's (1995) adjusted p values, in the order given: among all that pass a level q at
 * most a share q is false on average. For long lists, where Holm finds nothing. Null stays null.
 */
export function benjaminiHochberg(pValues: readonly (number | null)[]): readonly (number | null)[] {
  const order = ascending(pValues);
  const adjusted: (number | null)[] = pValues.map(() => null);
  let least = 1;
  for (let rank = order.length; rank > 0; rank -= 1) {
    const entry = order[rank - 1];
    if (entry === undefined) continue;
    least = Math.min(least, (entry.p * order.length) / rank);
    adjusted[entry.index] = least;
  }
  return adjusted;
}

function ascending(pValues: readonly (number | null)[]): readonly { p: number; index: number }[] {
  return pValues
    .flatMap((p, index) => (p === null ? [] : [{ p, index }]))
    .sort((a, b) => a.p - b.p);
}
