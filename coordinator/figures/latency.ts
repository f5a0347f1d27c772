import { numberAxis } from "../../shared/domain/cell.ts";
import type { Report, ReportRow } from "../analysis/report.ts";
import { significant } from "../report/numbers.ts";
import { type AxisRoles, selectHosts, selectPanels, splitRoles, titleOf } from "./axis-roles.ts";
import { boundaryGuides } from "./boundaries.ts";
import { axisLabel } from "./cell-names.ts";
import { describeConditions, isVoid, usableRows } from "./conditions.ts";
import { describeCurve, toCurveRows } from "./curve-rows.ts";
import type { FigureKind } from "./figure-kind.ts";
import type { DataTable, LinesPanel } from "./figure-spec.ts";
import { indexSeries, type SeriesIndex } from "./series.ts";
import { distinct, scaleFigure, timeUnitOf } from "./time-scale.ts";

/** Latency against what varies across, mostly cores; both axes logarithmic. */
export const latency: FigureKind = {
  name: "latency",
  answers: "How does latency fall with cores, and where does it stop falling?",

  specify(report) {
    const roles = splitRoles(report);
    const { across } = roles;
    if (across === null) return { absent: "no axis of numbers has two values" };
    const hosts = selectHosts(report);
    const all = report.rows.filter(
      ({ cell, hostId }) =>
        hosts.members.includes(hostId) && numberAxis(cell, across) !== undefined,
    );
    const rows = across === "cores" ? toCurveRows(all) : all;
    const panels = selectPanels(rows, roles.panels);
    const shown = panels.members.flatMap((panel) => panel.rows);
    if (shown.length === 0) return { absent: "no cell was measured" };
    const series = indexSeries(shown, roles.series);
    const unit = timeUnitOf(shown.map(({ medianNs }) => medianNs.value));
    return {
      title: `Latency against ${axisLabel(across)}`,
      says: describeBest(report, roles),
      notes: [
        ...describeConditions(report, shown, "lines"),
        ...(across === "cores" ? describeCurve(all, rows) : []),
        ...hosts.notes,
        ...panels.notes,
        ...series.notes,
      ],
      chart: {
        kind: "lines",
        x: {
          label: axisLabel(across),
          scale: "log",
          ticks: distinct(shown.map(({ cell }) => numberAxis(cell, across) ?? 1)),
          fromZero: false,
        },
        y: {
          label: `median latency (${unit.name})`,
          scale: "log",
          ticks: null,
          fromZero: false,
          shared: false,
        },
        series: series.names,
        panels: panels.members.map((panel) =>
          toPanel(panel, report, across, { series, unitNs: unit.ns }),
        ),
      },
      table: tabulate(shown, across, { roles, unit }),
    };
  },
};

function toPanel(
  panel: { title: string; rows: readonly ReportRow[] },
  report: Report,
  across: string,
  { series, unitNs }: { series: SeriesIndex; unitNs: number },
): LinesPanel {
  const lines = series.names.flatMap((_, index) => {
    const points = panel.rows
      .filter((row) => series.indexOf(row) === index && row.medianNs.value > 0)
      .map((row) => ({
        x: numberAxis(row.cell, across) ?? 0,
        ...scaleFigure(row.medianNs, unitNs),
        isVoid: isVoid(row),
      }))
      .sort((a, b) => a.x - b.x);
    return points.length === 0 ? [] : [{ series: index, points }];
  });
  const guides = across === "cores" ? boundaryGuides(report, panel.rows) : [];
  return { title: panel.title, lines, guides, ideal: null };
}

/** The lowest latency of the sweep, with where and its interval. */
function describeBest(report: Report, { panels, series, across }: AxisRoles): string {
  const rows = usableRows(report);
  const [first] = rows;
  if (first === undefined) return "No cell has a latency that can be used.";
  const best = rows.reduce((a, b) => (b.medianNs.value < a.medianNs.value ? b : a), first);
  const worst = rows.reduce((a, b) => (b.medianNs.value > a.medianNs.value ? b : a), first);
  const unit = timeUnitOf([best.medianNs.value]);
  const names = [...panels, ...series, ...(across === null ? [] : [across])];
  const where = titleOf(best, names);
  const value = `${significant(best.medianNs.value / unit.ns, 3)} ${unit.name}`;
  const ratio = significant(worst.medianNs.value / best.medianNs.value, 3);
  return `Medians lie between ${value} (${where === "" ? "the only cell" : where}) and ${ratio} times that.`;
}

function tabulate(
  rows: readonly ReportRow[],
  across: string,
  { roles, unit }: { roles: AxisRoles; unit: { name: string; ns: number } },
): DataTable {
  return {
    columns: [
      "cells",
      axisLabel(across),
      `median (${unit.name})`,
      "low",
      "high",
      "launches",
      "verdict",
    ],
    rows: rows.map((row) => {
      const { value, low, high } = scaleFigure(row.medianNs, unit.ns);
      const name = titleOf(row, [...roles.panels, ...roles.series]);
      const at = numberAxis(row.cell, across) ?? null;
      return [name, at, value, low, high, row.launches.used, row.verdict.status];
    }),
  };
}
