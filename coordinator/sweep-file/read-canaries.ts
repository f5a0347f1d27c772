import { firstValues } from "../logic/first-values.ts";
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
  const first = firstValues(main);
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
