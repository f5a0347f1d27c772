import type { AxisValue } from "../../shared/domain/cell.ts";
import type { Report, ReportRow } from "../analysis/report.ts";
import { selectHosts, selectPanels } from "./axis-roles.ts";
import { usableRows } from "./conditions.ts";
import { limits, selectEvenly } from "./limits.ts";

/** Rows laid out by batch size and sequence length: the shapes that a service is asked for. */
export interface ShapeGrid {
  /** Batch sizes, ascending, as they are shown. */
  readonly columns: readonly string[];
  /** Sequence lengths, ascending. */
  readonly rows: readonly string[];
  readonly panels: readonly {
    readonly title: string;
    readonly places: readonly {
      readonly column: number;
      readonly row: number;
      readonly rows: readonly ReportRow[];
    }[];
  }[];
  readonly notes: readonly string[];
}

export const columnAxis = "batch_size";
export const rowAxis = "sequence_length";

/** One panel for each combination of the given axes; null where neither shape axis varies. */
export function layOutShapes(report: Report, panelAxes: readonly string[]): ShapeGrid | null {
  if (!report.varying.includes(columnAxis) && !report.varying.includes(rowAxis)) return null;
  const hosts = selectHosts(report);
  const usable = usableRows(report).filter(({ hostId }) => hosts.members.includes(hostId));
  const columns = selectEvenly(valuesOf(usable, columnAxis), limits.columns, "batch sizes");
  const rows = selectEvenly(valuesOf(usable, rowAxis), limits.columns, "sequence lengths");
  const panels = selectPanels(usable, panelAxes);
  return {
    columns: columns.members.map((value) => show(value)),
    rows: rows.members.map((value) => show(value)),
    panels: panels.members.map((panel) => ({
      title: panel.title,
      places: columns.members.flatMap((x, column) =>
        rows.members.flatMap((y, row) => {
          const here = panel.rows.filter(
            ({ cell }) => cell[columnAxis] === x && cell[rowAxis] === y,
          );
          return here.length === 0 ? [] : [{ column, row, rows: here }];
        }),
      ),
    })),
    notes: [...hosts.notes, ...panels.notes, ...columns.notes, ...rows.notes],
  };
}

function valuesOf(rows: readonly ReportRow[], name: string): readonly (AxisValue | undefined)[] {
  const values = [...new Set(rows.map(({ cell }) => cell[name]))];
  return values.sort((a, b) => Number(a) - Number(b));
}

function show(value: AxisValue | undefined): string {
  return value === undefined ? "any" : String(value);
}
