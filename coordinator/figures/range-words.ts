import { countOf } from "../../shared/domain/text-layout.ts";
import { extent } from "../../shared/stats/extent.ts";

/** `1 launch`, `5 launches`, or `1 to 8 launches`. */
export function rangeOf(values: readonly number[], noun: string): string {
  const [low, high] = extent(values);
  return `${low === high ? "" : `${low} to `}${countOf(high, noun)}`;
}

/** `5`, or `3 to 8`: the least and the greatest of the values, once where they are shown alike. */
export function rangeWords(
  values: readonly number[],
  show: (value: number) => string = String,
): string {
  const [low, high] = extent(values).map(show);
  return low === high ? `${low}` : `${low} to ${high}`;
}
