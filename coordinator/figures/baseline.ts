import { numberAxis } from "../../shared/domain/cell.ts";
import { groupBy } from "../../shared/domain/group-by.ts";
import type { Report } from "../analysis/report.ts";
import { significant } from "../report/numbers.ts";
import { hostAxis, keyOf, selectHosts, splitRoles, titleOf } from "./axis-roles.ts";
import { boundaryGuides } from "./boundaries.ts";
import { axisLabel } from "./cell-names.ts";
import { describeConditions, usableRows } from "./conditions.ts";
import { describeCurve, toCurveRows } from "./curve-rows.ts";
import {
  type Change,
  compareAxis,
  type Difference,
  excludesOne,
  isCompared,
} from "./differences.ts";
import type { FigureKind } from "./figure-kind.ts";
import type { DataTable, LinesChart, LinesPanel } from "./figure-spec.ts";
import { limits, selectEvenly } from "./limits.ts";
import { indexSeries, type SeriesIndex } from "./series.ts";
import { columnAxis, rowAxis } from "./shape-grid.ts";
import { distinct } from "./time-scale.ts";

/** What each knob changes, everything else being equal: log-log plots of latency hide it. */
export const baseline: FigureKind = {
  name: "baseline",
  answers: "What does each knob change against its default, and where?",

  specify(report) {
    const axes = report.varying.filter(isCompared);
    if (axes.length === 0) return { absent: "no knob, mode or number format varies" };
    const hosts = selectHosts(report);
    const usable = usableRows(report).filter(({ hostId }) => hosts.members.includes(hostId));
    const across = splitRoles(report).across ?? "cores";
    const rows = across === "cores" ? toCurveRows(usable) : usable;
    const changes = axes.flatMap((axis) => compareAxis(rows, axis, report.sweep));
    if (changes.length === 0) return { absent: "no two cells differ in one knob alone" };
    const { chart, notes } = specifyChart(report, changes, across);
    return {
      title: "Difference from the baseline",
      says: describeLargest(changes, report),
      notes: [
        ...describeConditions(report, rows, "lines", "the ratio of two cells"),
        "Ratio of latencies at equal work and placement, baseline over changed: above 1 the change is faster. Launches of the same number are compared with each other; where they have no partners, the interval combines those of both cells.",
        ...(across === "cores" ? describeCurve(usable, rows) : []),
        ...hosts.notes,
        ...notes,
      ],
      chart,
      table: tabulate(changes, report),
    };
  },
};

interface Group {
  readonly title: string;
  readonly differences: readonly Difference[];
}

/** A panel a change and workload, a line for each sequence length (or what varies instead of it). */
function specifyChart(
  report: Report,
  changes: readonly Change[],
  across: string,
): { chart: LinesChart; notes: readonly string[] } {
  const free = report.varying.filter((name) => name !== across && name !== "instances");
  const seriesAxis = [rowAxis, columnAxis, "placement"].find((name) => free.includes(name));
  const groups = changes.flatMap((change): Group[] => {
    const names = [hostAxis, ...free].filter(
      (name) => name !== change.axis && name !== seriesAxis && name !== "placement",
    );
    const shown = names.filter((name) => name !== hostAxis || report.hosts.length > 1);
    return [...groupBy(change.differences, ({ row }) => keyOf(row, names))].map(([, some]) => {
      const [first] = some;
      const where = first === undefined ? "" : titleOf(first.row, shown);
      return {
        title: where === "" ? change.title : `${change.title}: ${where}`,
        differences: some,
      };
    });
  });
  const panels = selectEvenly(groups, limits.panels, "panels");
  const all = panels.members.flatMap(({ differences }) => differences.map(({ row }) => row));
  const placements = seriesAxis === "placement" ? [] : ["placement"];
  const series = indexSeries(all, [
    ...(seriesAxis === undefined ? [] : [seriesAxis]),
    ...placements,
  ]);
  const ticks = distinct(all.map(({ cell }) => numberAxis(cell, across) ?? 1));
  return {
    chart: {
      kind: "lines",
      x: { label: axisLabel(across), scale: "log", ticks, fromZero: false },
      y: { label: "times as fast as the baseline", scale: "log", ticks: null, fromZero: false },
      series: series.names,
      panels: panels.members.map((group) => toPanel(group, report, { across, series })),
    },
    notes: [...panels.notes, ...series.notes],
  };
}

function toPanel(
  { title, differences }: Group,
  report: Report,
  { across, series }: { across: string; series: SeriesIndex },
): LinesPanel {
  const rows = differences.map(({ row }) => row);
  const lines = series.names.flatMap((_, index) => {
    const points = differences
      .filter(({ row }) => series.indexOf(row) === index)
      .map(({ row, ratio }) => ({ x: numberAxis(row.cell, across) ?? 1, ...ratio, isVoid: false }))
      .sort((a, b) => a.x - b.x);
    return points.length === 0 ? [] : [{ series: index, points }];
  });
  const boundaries = across === "cores" ? boundaryGuides(report, rows) : [];
  const same = { axis: "y", at: 1, label: "no difference" } as const;
  return { title, lines, guides: [...boundaries, same], ideal: null };
}

function namesOf(report: Report, axis: string): readonly string[] {
  return [
    ...(report.hosts.length > 1 ? [hostAxis] : []),
    ...report.varying.filter((n) => n !== axis),
  ];
}

function describeLargest(changes: readonly Change[], report: Report): string {
  const all = changes.flatMap(({ title, axis, differences }) =>
    differences.map((difference) => ({ title, axis, ...difference })),
  );
  const [first] = all;
  if (first === undefined) return "";
  const size = ({ ratio }: Difference): number => Math.abs(Math.log(ratio.value));
  const top = all.reduce((a, b) => (size(b) > size(a) ? b : a), first);
  const clear = all.filter(({ ratio }) => excludesOne(ratio)).length;
  const where = titleOf(top.row, namesOf(report, top.axis));
  return `The largest difference is ${significant(top.ratio.value, 3)}× (${top.title}${where === "" ? "" : `; ${where}`}). ${clear} of all ${all.length} intervals exclude 1.`;
}

function tabulate(changes: readonly Change[], report: Report): DataTable {
  return {
    columns: ["change", "cell", "ratio (×)", "low", "high"],
    rows: changes.flatMap(({ title, axis, differences }) =>
      differences.map(({ row, ratio }) => [
        title,
        titleOf(row, namesOf(report, axis)),
        ratio.value,
        ratio.low,
        ratio.high,
      ]),
    ),
  };
}
