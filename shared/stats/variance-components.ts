/** Variances on the scale of the values, each not below 0. */
export interface VarianceComponents {
  readonly between: number;
  readonly within: number;
}

/**
 * Components of a one-way random model for groups of unequal size, by the method of moments (Searle, 1971):
 * within = MS_w, between = (MS_b − MS_w)/n₀. Null where there are fewer than two groups, or no group
 * has two values.
 */
export function varianceComponents(
  groups: readonly (readonly number[])[],
): VarianceComponents | null {
  const filled = groups.filter((group) => group.length > 0);
  const k = filled.length;
  const total = filled.reduce((sum, group) => sum + group.length, 0);
  if (k < 2 || total === k) return null;
  const means = filled.map(meanOf);
  const grand = filled.reduce((sum, group, i) => sum + group.length * (means[i] ?? 0), 0) / total;
  const ssWithin = filled.reduce(
    (sum, group, i) => sum + group.reduce((acc, value) => acc + (value - (means[i] ?? 0)) ** 2, 0),
    0,
  );
  const ssBetween = filled.reduce(
    (sum, group, i) => sum + group.length * ((means[i] ?? 0) - grand) ** 2,
    0,
  );
  const within = ssWithin / (total - k);
  const squares = filled.reduce((sum, group) => sum + group.length ** 2, 0);
  const n0 = (total - squares / total) / (k - 1);
  return { within, between: Math.max(0, (ssBetween / (k - 1) - within) / n0) };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
