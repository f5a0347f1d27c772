import type { UnmatchedHost } from "../logic/sweep-plan.ts";
import { formatProblems } from "./problem.ts";
import { type DocumentPath, readYaml } from "./read-yaml.ts";

/**
 * Why no host measures anything of a well-formed sweep file: for each host the place in the file that
 * is to blame, with its line, or the reason alone where no single place is.
 */
export function describeUnplaceable(
  source: { readonly text: string; readonly fileName: string },
  unmatched: readonly UnmatchedHost[],
): string {
  const file = readYaml(source.text);
  const lines = unmatched.map(({ hostId, reason, axis }) => {
    const message = `${hostId}: ${reason}`;
    if (axis === null || "problems" in file) return `  ${message}`;
    const path = pathOf(axis, file.value);
    if (path === null) return `  ${message}`;
    const { start, end } = file.placeOf(path);
    const problems = [{ start, end, message }];
    return formatProblems(source.text, source.fileName, { problems, count: 1 });
  });
  return [`no host can run a cell of ${source.fileName}`, ...lines].join("\n");
}

/** Null where the file does not say it: the value is a default's, or that of an `include`. */
function pathOf(axis: string, value: unknown): DocumentPath | null {
  const paths: readonly DocumentPath[] = [
    ["axes", axis],
    ["parameters", axis],
    ["hosts", axis],
    [axis],
  ];
  return paths.find((path) => isThere(value, path)) ?? null;
}

function isThere(value: unknown, path: DocumentPath): boolean {
  let at = value;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return false;
    at = (at as Record<PropertyKey, unknown>)[step];
  }
  return true;
}
