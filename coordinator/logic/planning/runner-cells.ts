import { axes } from "../../../shared/domain/axis.ts";
import { type AxisValue, type Cell, canonicalCell } from "../../../shared/domain/cell.ts";
import type { RunnerDeclaration } from "../../../shared/domain/runner-declaration.ts";
import { collapseRules, runnerRules } from "../rules.ts";
import type { Matrix } from "../sweep-spec.ts";
import { combinations, plainValues } from "./expand-terms.ts";
import type { PruneTally } from "./prune-tally.ts";

/** The axes that the runner and its knobs fix, defaults filled in, without what changes nothing. */
export interface RunnerCell {
  readonly declaration: RunnerDeclaration;
  readonly cell: Cell;
  /** Equal for equal cells. */
  readonly key: string;
}

export interface RunnerCells {
  readonly cells: readonly RunnerCell[];
  /** Combinations as written, before any rule. */
  readonly written: number;
}

/**
 * The distinct runner cells of a matrix on a host. Each combination as written that is left out is
 * counted `weight` times: as often as the other axes would repeat it. Null, and nothing counted,
 * where there are more than `most` combinations.
 */
export function runnerCells(
  matrix: Matrix,
  runners: readonly RunnerDeclaration[],
  count: { readonly tally: PruneTally; readonly weight: number; readonly most: number },
): RunnerCells | null {
  const asWritten = writtenAxes(matrix);
  if (asWritten.reduce((product, [, values]) => product * values.length, 1) > count.most)
    return null;
  const distinct = new Map<string, RunnerCell>();
  let written = 0;
  for (const asked of combinations(asWritten)) {
    written += 1;
    const declaration = runners.find((runner) => runner.name === asked["runner"]);
    const refused = refuseRunner(asked, declaration);
    if (declaration === undefined || refused !== null) {
      count.tally.add("runner-offered", refused ?? "", count.weight);
      continue;
    }
    const made = makeRunnerCell(asked, declaration);
    if ("rule" in made) count.tally.add(made.rule, made.reason, count.weight, made.axis);
    else if (distinct.has(made.key)) {
      const { rule, reason } = made.collapsed ?? repeated;
      count.tally.add(rule, reason, count.weight);
    } else distinct.set(made.key, { declaration, cell: made.cell, key: made.key });
  }
  return { cells: [...distinct.values()], written };
}

const repeated = { rule: "repeated", reason: "written twice, measured once" };

function writtenAxes(matrix: Matrix): readonly (readonly [string, readonly AxisValue[]])[] {
  const shared = axes
    .filter(({ kind }) => kind === "runner" || kind === "knob" || kind === "arrival")
    .map((axis) => [axis.name, plainValues(matrix.axes[axis.name])] as const);
  const own = Object.entries(matrix.parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return [...shared, ...own].filter(([, values]) => values.length > 0);
}

function refuseRunner(asked: Cell, declaration: RunnerDeclaration | undefined): string | null {
  if (declaration === undefined) return `the host offers no runner ${asked["runner"]}`;
  const { unavailable } = declaration;
  return unavailable === null ? null : `runner ${declaration.name}: ${unavailable}`;
}

interface Explained {
  readonly rule: string;
  readonly reason: string;
  readonly axis?: string;
}

function makeRunnerCell(
  asked: Cell,
  declaration: RunnerDeclaration,
): { readonly cell: Cell; readonly key: string; readonly collapsed: Explained | null } | Explained {
  const cell: Record<string, AxisValue> = { ...defaults(declaration), ...asked };
  for (const rule of runnerRules) {
    const refused = rule.refuse(cell, declaration);
    if (refused !== null) return { rule: rule.name, ...refused };
  }
  let collapsed: Explained | null = null;
  for (const rule of collapseRules) {
    for (const axis of rule.ignored(cell, declaration)) {
      if (axis in asked) collapsed ??= { rule: rule.name, reason: rule.reason(axis, cell) };
      delete cell[axis];
    }
  }
  return { cell: inReadingOrder(cell), key: canonicalCell(cell), collapsed };
}

/** The catalogue's axes in its order, then the runner's own. */
function inReadingOrder(cell: Cell): Cell {
  const known = axes.map((axis) => axis.name).filter((name) => name in cell);
  const own = Object.keys(cell).filter((name) => !known.includes(name));
  return Object.fromEntries([...known, ...own.sort()].map((name) => [name, cell[name] ?? ""]));
}

function defaults(declaration: RunnerDeclaration): Record<string, AxisValue> {
  const values: Record<string, AxisValue> = {};
  const firsts = [
    ["mode", declaration.modes],
    ["dtype", declaration.dtypes],
    ["model", declaration.models],
  ] as const;
  for (const [name, offered] of firsts) if (offered[0] !== undefined) values[name] = offered[0];
  for (const axis of axes) {
    if (axis.kind !== "knob" || axis.fallback === null) continue;
    if (declaration.knobs.includes(axis.name)) values[axis.name] = axis.fallback;
  }
  for (const [name, declared] of Object.entries(declaration.parameters)) {
    values[name] = declared.default;
  }
  return values;
}
