import { extent } from "../../shared/stats/extent.ts";

/** `5`, or `3 to 8`: the least and the greatest of the values, once where they are shown alike. */
export function rangeWords(
  values: readonly number[],
  show: (value: number) => string = String,
): string {
  const [low, high] = extent(values).map(show);
  return low === high ? `${low}` : `${low} to ${high}`;
}
