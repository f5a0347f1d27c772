import { numberAxis } from "../../shared/domain/cell.ts";
import type { ReportRow } from "../analysis/report.ts";

/**
 * Rows of one instance as points of a curve over cores. One package and, beyond it, all of them are one
 * curve: such rows lose their placement, so that a line goes on where a package ends. Other placements
 * (spread, remote memory …) keep theirs, and so do rows of all packages that one package could hold.
 */
export function toCurveRows(rows: readonly ReportRow[]): readonly ReportRow[] {
  const alone = rows.filter(({ cell }) => (cell["instances"] ?? 1) === 1);
  const largest = new Map<string, number>();
  for (const { cell, hostId } of alone) {
    if (cell["placement"] !== "one-socket") continue;
    const cores = numberAxis(cell, "cores") ?? 0;
    largest.set(hostId, Math.max(largest.get(hostId) ?? 0, cores));
  }
  return alone.map((row) => {
    const { placement, ...others } = row.cell;
    const cores = numberAxis(row.cell, "cores") ?? 0;
    const goesOn = placement === "all-sockets" && cores > (largest.get(row.hostId) ?? 0);
    return placement === "one-socket" || goesOn ? { ...row, cell: others } : row;
  });
}

/** What a picture of such rows says about them. */
export function describeCurve(rows: readonly ReportRow[], shown: readonly ReportRow[]): string[] {
  const several = rows.length - shown.length;
  return [
    "Vertical lines: a socket (dashed) or a NUMA node (dotted) is full; beyond one socket the cores are on all.",
    ...(several > 0 ? ["Cells of several instances at a time are not part of it."] : []),
  ];
}
