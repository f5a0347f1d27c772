import { type AxisTerm, expandRange } from "../../../shared/domain/axis-terms.ts";
import type { AxisValue } from "../../../shared/domain/cell.ts";

/** The values of an axis, each once, in the order of writing; `size` is what `all` stands for. */
export function expandTerms(terms: readonly AxisTerm[], size: number): readonly AxisValue[] {
  const values = terms.flatMap((term): readonly AxisValue[] =>
    term.type === "value"
      ? [term.value]
      : expandRange({ from: term.from, to: size, step: term.step }),
  );
  return [...new Set(values)];
}

/** The values of an axis that no host's size changes. */
export function plainValues(terms: readonly AxisTerm[] | undefined): readonly AxisValue[] {
  return terms === undefined ? [] : expandTerms(terms, 0);
}

/** Every combination of one value each, in the order of a nested loop; one empty one for no axes. */
export function* combinations(
  axes: readonly (readonly [string, readonly AxisValue[]])[],
): Generator<Readonly<Record<string, AxisValue>>> {
  const [first, ...rest] = axes;
  if (first === undefined) {
    yield {};
    return;
  }
  const [name, values] = first;
  for (const value of values) {
    for (const tail of combinations(rest)) yield { [name]: value, ...tail };
  }
}
