import type { Cell } from "../../shared/domain/cell.ts";
import { groupBy } from "../../shared/domain/group-by.ts";
import { countOf } from "../../shared/domain/text-layout.ts";
import type { Report } from "../analysis/report.ts";
import { hostAxis, keyOf, titleOf } from "./axis-roles.ts";
import type { FigureKind } from "./figure-kind.ts";
import { type CellState, cellStates, type MatrixCell } from "./figure-spec.ts";
import { limits } from "./limits.ts";
import { columnAxis, rowAxis } from "./shape-grid.ts";

interface Planned {
  readonly hostId: string;
  readonly cell: Cell;
  readonly state: CellState;
  readonly reason: string;
}

/** What became of every planned cell. */
export const coverage: FigureKind = {
  name: "coverage",
  answers: "What of the plan was measured, and what is missing, failed or not to be believed?",

  specify(report) {
    const planned = listPlanned(report);
    if (planned.length === 0) return { absent: "the sweep has no cells" };
    const columnNames: readonly string[] = report.varying.filter(
      (name) => name === columnAxis || name === rowAxis,
    );
    const others = report.varying.filter((name) => !columnNames.includes(name));
    const rowNames = [...(report.hosts.length > 1 ? [hostAxis] : []), ...others];
    const columns = fold(planned, columnNames, limits.columns);
    const rows = fold(planned, rowNames, limits.rows);
    const totals = countStates(planned);
    return {
      title: "Coverage of the plan",
      says: `Of ${countOf(planned.length, "planned cell")} ${cellStates.flatMap((state) => (totals[state] === 0 ? [] : `${totals[state]} ${totals[state] === 1 ? "is" : "are"} ${state}`)).join(", ")}.`,
      notes: [
        "n = number of cells; a square with several has its worst state and how many of them are ok.",
        ...columns.notes,
        ...rows.notes,
      ],
      chart: {
        kind: "matrix",
        columnsLabel: columns.names.join(", ").replaceAll("_", " "),
        rowsLabel: rows.names.join(", ").replaceAll("_", " "),
        columns: columns.labels,
        rows: rows.labels,
        cells: toCells(planned, columns.placeOf, rows.placeOf),
      },
      table: {
        columns: ["cells", "state", "count", "reason"],
        rows: tabulate(planned, rowNames),
      },
    };
  },
};

function listPlanned(report: Report): readonly Planned[] {
  return [
    ...report.rows.map(
      ({ hostId, cell, verdict }): Planned => ({
        hostId,
        cell,
        // One launch of a smoke run has no verdict, and was measured.
        state: verdict.status === null || verdict.status === "valid" ? "ok" : verdict.status,
        reason: verdict.reasons.map(({ code }) => code).join(", "),
      }),
    ),
    ...report.failed.map(
      ({ hostId, cell, reason }): Planned => ({ hostId, cell, state: "failed", reason }),
    ),
    ...report.missing.map(
      ({ hostId, cell, reason }): Planned => ({ hostId, cell, state: "missing", reason }),
    ),
  ];
}

/**
 * Labels by as many of the named axes as fit: from the last on they are left out until at most `count`
 * labels remain, and their cells stand together.
 */
function fold(planned: readonly Planned[], names: readonly string[], count: number) {
  for (let kept = names.length; kept >= 0; kept--) {
    const some = names.slice(0, kept);
    const groups = [...groupBy(planned, (entry) => keyOf(entry, some))];
    if (groups.length > count) continue;
    const places = new Map(groups.map(([key], index) => [key, index]));
    const folded = names.slice(kept);
    return {
      names: some,
      labels: groups.map(([, members]) => {
        const [first] = members;
        return (first === undefined ? "" : titleOf(first, some)) || "all cells";
      }),
      placeOf: (entry: Planned): number => places.get(keyOf(entry, some)) ?? 0,
      notes:
        folded.length === 0
          ? []
          : [`Cells that differ only in ${folded.join(", ").replaceAll("_", " ")} stand together.`],
    };
  }
  return { names: [], labels: ["all cells"], placeOf: () => 0, notes: [] };
}

function toCells(
  planned: readonly Planned[],
  columnOf: (entry: Planned) => number,
  rowOf: (entry: Planned) => number,
): MatrixCell[] {
  const groups = groupBy(planned, (entry) => `${columnOf(entry)} ${rowOf(entry)}`);
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    return [{ column: columnOf(first), row: rowOf(first), counts: countStates(members) }];
  });
}

function countStates(planned: readonly Planned[]): Record<CellState, number> {
  const counts = { ok: 0, flagged: 0, invalid: 0, failed: 0, missing: 0 };
  for (const { state } of planned) counts[state] += 1;
  return counts;
}

/** Cells of one state and reason together: a table of every cell is the data table. */
function tabulate(planned: readonly Planned[], names: readonly string[]) {
  const groups = groupBy(planned, ({ state, reason }) => `${state}\n${reason}`);
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const example = titleOf(first, [...names, columnAxis, rowAxis]);
    const cells = members.length === 1 ? example : `such as ${example}`;
    return [[cells, first.state, members.length, first.reason]];
  });
}
