import { findAxis } from "../../../shared/domain/axis.ts";
import type { AxisValue, Cell } from "../../../shared/domain/cell.ts";
import type { Recommendation } from "../recommendation.ts";

/**
 * A sweep file in which every winner meets its baseline again, launch by launch: what was chosen as the best
 * of many was lucky as well, and only a new measurement of the two says by how much. Empty without pairs.
 */
export function confirmationFile(
  name: string,
  items: readonly Omit<Recommendation, "commands">[],
): string {
  const won = items.flatMap(({ hostId, winner, baseline }) =>
    winner === null || baseline === null ? [] : [{ hostId, cells: [winner.cell, baseline.cell] }],
  );
  const chosen = won.flatMap((pair) => pair.cells);
  const cells = [...new Map(chosen.map((cell) => [JSON.stringify(cell), cell])).values()];
  const [first, ...others] = cells;
  if (first === undefined || others.length === 0) return "";
  const axes = [...new Set(cells.flatMap((cell) => Object.keys(cell)))];
  const hosts = [...new Set(won.map(({ hostId }) => hostId))];
  const safe = name.replaceAll(/[^A-Za-z0-9._-]/g, "-").slice(0, 40);
  return [
    `name: confirm-${safe}`,
    "axes:",
    ...axisLines(first, axes, "  "),
    ...parameterLines(first, axes, ""),
    "include:",
    ...others.flatMap((cell) =>
      [...axisLines(cell, axes, "    "), ...parameterLines(cell, axes, "    ")].map((line, i) =>
        i === 0 ? line.replace("    ", "  - ") : line,
      ),
    ),
    "hosts:",
    `  where: ${JSON.stringify(`host in [${hosts.map((host) => JSON.stringify(host)).join(", ")}]`)}`,
    "method:",
    "  precision: normal",
    "",
  ].join("\n");
}

/** Every cell says every axis: an included one would take over what the first has. */
function axisLines(cell: Cell, axes: readonly string[], indent: string): string[] {
  return axes.flatMap((name) => {
    const axis = findAxis(name);
    const value: AxisValue | null =
      axis === undefined ? null : (cell[name] ?? axis.fallback ?? null);
    return value === null ? [] : [`${indent}${name}: ${JSON.stringify(value)}`];
  });
}

/** What a runner declares stands apart from the axes that every cell has. */
function parameterLines(cell: Cell, axes: readonly string[], indent: string): string[] {
  const own = axes.filter((name) => findAxis(name) === undefined && cell[name] !== undefined);
  const values = Object.fromEntries(own.map((name) => [name, cell[name]]));
  return own.length === 0 ? [] : [`${indent}parameters: ${JSON.stringify(values)}`];
}
