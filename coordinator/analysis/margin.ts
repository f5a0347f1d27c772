import { FleetsweepError } from "../../shared/domain/errors.ts";

/** Differences below this are nobody's concern: launches of one cell differ by more between days. */
export const defaultMargin = 0.01;

/** A margin as a request carries it, where 0 stands for the usual one. @throws FleetsweepError config.invalid */
export function parseMargin(margin: number): number {
  const chosen = margin === 0 ? defaultMargin : margin;
  if (chosen > 0 && chosen < 1) return chosen;
  throw new FleetsweepError("config.invalid", `a margin of ${margin} is not between 0 and 1`);
}
