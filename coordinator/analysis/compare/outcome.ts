import type { Change, ComparedCell, ComparisonOutcome } from "../comparison.ts";

export function countChanges(cells: readonly ComparedCell[]): Readonly<Record<Change, number>> {
  const counts = { improved: 0, regressed: 0, same: 0, inconclusive: 0 };
  for (const { change } of cells) counts[change] += 1;
  return counts;
}

export function judgeOutcome(cells: readonly ComparedCell[]): ComparisonOutcome {
  const { improved, regressed, same } = countChanges(cells);
  if (cells.every(({ q }) => q === null)) return "not-enough-data";
  if (improved > 0 && regressed > 0) return "mixed";
  if (regressed > 0) return "regression";
  if (improved > 0) return "improvement";
  return same === cells.length ? "no-change" : "inconclusive";
}
