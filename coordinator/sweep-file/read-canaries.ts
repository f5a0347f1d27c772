import type { AxisTerm } from "../../shared/domain/axis-terms.ts";
import type { Canaries, Matrix } from "../logic/sweep-spec.ts";
import type { ProblemList } from "./problem-list.ts";
import { isMap, readAxes, readParameters } from "./read-axes.ts";
import type { DocumentPath } from "./read-yaml.ts";

const defaultEveryMinutes = 15;

/** The canaries of a file, each one cell: what an entry names, and the first values of the matrix for the rest. */
export function readCanaries(raw: unknown, main: Matrix, problems: ProblemList): Canaries | null {
  if (!isMap(raw)) return null;
  const { cells, every_minutes: every } = raw;
  const entries: readonly unknown[] = Array.isArray(cells) ? cells : [{}];
  return {
    everyMinutes: typeof every === "number" ? every : defaultEveryMinutes,
    matrices: entries.map((entry, index) => {
      const path: DocumentPath = ["canaries", "cells", index];
      const own: Matrix = {
        axes: readAxes(entry, path, problems),
        parameters: isMap(entry) ? readParameters(entry["parameters"]) : {},
      };
      for (const [name, terms] of Object.entries(own.axes)) {
        if (terms.length === 1 && terms[0]?.type === "value") continue;
        // Where there is no term at all, what was written has been refused already.
        if (terms.length > 0) refuseSeveral([...path, name], name, problems);
      }
      for (const [name, values] of Object.entries(own.parameters)) {
        if (values.length > 1) refuseSeveral([...path, "parameters", name], name, problems);
      }
      const first = firstValues(main);
      return {
        axes: { ...first.axes, ...own.axes },
        parameters: { ...first.parameters, ...own.parameters },
      };
    }),
  };
}

function refuseSeveral(path: DocumentPath, name: string, problems: ProblemList): void {
  problems.at(path, `${name}: a canary is one cell, and this is several values`, "write one value");
}

function firstValues({ axes, parameters }: Matrix): Matrix {
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
