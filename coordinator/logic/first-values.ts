import type { AxisTerm } from "../../shared/domain/axis-terms.ts";
import type { Matrix } from "./sweep-spec.ts";

/** The matrix with one value of each axis and parameter, the one that stands first. */
export function firstValues({ axes, parameters }: Matrix): Matrix {
  const firstTerm = (term: AxisTerm): AxisTerm =>
    term.type === "value" ? term : { type: "value", value: term.from };
  return {
    axes: Object.fromEntries(
      Object.entries(axes).map(([name, terms]) => [name, terms.slice(0, 1).map(firstTerm)]),
    ),
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, values]) => [name, values.slice(0, 1)]),
    ),
  };
}
