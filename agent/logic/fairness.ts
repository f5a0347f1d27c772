/**
 * How evenly the instances of a launch share the host: Jain's index (Jain, Chiu and Hawe 1984),
 * (Σx)² / (n Σx²), from 1/n where one has it all to 1 where all are equal, and the slowest's rate as a
 * share of the fastest's. Null where nothing was done.
 */
export function fairness(rates: readonly number[]) {
  const sum = rates.reduce((total, rate) => total + rate, 0);
  const squares = rates.reduce((total, rate) => total + rate * rate, 0);
  if (!(sum > 0)) return { fairness: null, slowest_to_fastest: null };
  return {
    fairness: (sum * sum) / (rates.length * squares),
    slowest_to_fastest: Math.min(...rates) / Math.max(...rates),
  };
}
