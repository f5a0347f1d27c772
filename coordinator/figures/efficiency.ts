import { numberAxis } from "../../shared/domain/cell.ts";
import { countOf } from "../../shared/domain/text-layout.ts";
import { extent } from "../../shared/stats/extent.ts";
import type { ReportRow } from "../analysis/report.ts";
import { significant } from "../report/numbers.ts";
import { splitRoles } from "./axis-roles.ts";
import { describeConditions } from "./conditions.ts";
import type { FigureKind } from "./figure-kind.ts";
import type { HeatCell } from "./figure-spec.ts";
import { columnAxis, layOutShapes, rowAxis } from "./shape-grid.ts";

/** Efficiency on the most cores, by batch size and sequence length. */
export const efficiency: FigureKind = {
  name: "efficiency",
  answers: "For which shapes are many cores worth having?",

  specify(report) {
    const roles = splitRoles(report, "cores");
    const axes = [...roles.panels, ...roles.series].filter(
      (n) => n !== columnAxis && n !== rowAxis,
    );
    const grid = layOutShapes(report, axes);
    if (grid === null) return { absent: "neither batch size nor sequence length varies" };
    const panels = grid.panels.flatMap(({ title, places }) => {
      const cells = places.flatMap((place) => toCell(place) ?? []);
      return cells.length === 0 ? [] : [{ title, columns: grid.columns, rows: grid.rows, cells }];
    });
    if (panels.length === 0) return { absent: "no cell on several cores has a base on one core" };
    const rows = grid.panels.flatMap(({ places }) => places.flatMap((place) => place.rows));
    const levels = panels.flatMap(({ cells }) => cells.flatMap(({ level }) => level ?? []));
    const [low, high] = extent(levels).map(percent);
    return {
      title: "Parallel efficiency by shape",
      says: `Efficiency on the most cores lies between ${low} and ${high}.`,
      notes: [
        ...describeConditions(report, rows, "heat"),
        "Efficiency E(c) = T(1)/(c·T(c)) at the largest number of cores that was measured; 100 % is ideal.",
        ...grid.notes,
      ],
      chart: {
        kind: "heat",
        columnsLabel: "batch size",
        rowsLabel: "sequence length",
        scaleLabel: "efficiency from 0 % (light) to 100 % (dark)",
        panels,
      },
      table: {
        columns: ["cells", "batch size", "sequence length", "efficiency", "at"],
        rows: panels.flatMap(({ title, cells }) =>
          cells.map(({ column, row, lines }) => [
            title,
            grid.columns[column] ?? null,
            grid.rows[row] ?? null,
            lines[0] ?? null,
            lines[1] ?? null,
          ]),
        ),
      },
    };
  },
};

function toCell(place: {
  column: number;
  row: number;
  rows: readonly ReportRow[];
}): HeatCell | null {
  const scaled = place.rows.flatMap((row) => {
    const cores = numberAxis(row.cell, "cores");
    if ("absent" in row.scaling || cores === undefined || cores < 2) return [];
    return [{ cores, value: row.scaling.efficiency.value }];
  });
  const [first] = scaled;
  if (first === undefined) return null;
  const most = scaled.reduce((a, b) => (b.cores > a.cores ? b : a), first);
  return {
    column: place.column,
    row: place.row,
    level: Math.min(Math.max(most.value, 0), 1),
    lines: [percent(most.value), countOf(most.cores, "core")],
  };
}

function percent(share: number): string {
  return `${significant(100 * share, 2)} %`;
}
