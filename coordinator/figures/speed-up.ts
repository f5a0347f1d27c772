import { numberAxis } from "../../shared/domain/cell.ts";
import { countOf } from "../../shared/domain/text-layout.ts";
import { extent } from "../../shared/stats/extent.ts";
import type { Figure, Report, ReportRow } from "../analysis/report.ts";
import { significant } from "../report/numbers.ts";
import { selectHosts, selectPanels, splitRoles, titleOf } from "./axis-roles.ts";
import { boundaryGuides } from "./boundaries.ts";
import { describeConditions, usableRows } from "./conditions.ts";
import { describeCurve, toCurveRows } from "./curve-rows.ts";
import type { FigureKind } from "./figure-kind.ts";
import type { FigureSpec, LinesPanel } from "./figure-spec.ts";
import { indexSeries, type SeriesIndex } from "./series.ts";
import { distinct, scaleFigure } from "./time-scale.ts";

interface Scaled {
  readonly row: ReportRow;
  readonly cores: number;
  readonly speedUp: Figure;
  readonly efficiency: Figure;
}

/** Speed-up over one core against cores, beside the ideal. */
export const speedUp: FigureKind = {
  name: "speed-up",
  answers: "How much of each further core arrives, up to a package and beyond it?",

  specify(report) {
    const roles = splitRoles(report, "cores");
    const hosts = selectHosts(report);
    const scaled = usableRows(report).filter(({ hostId }) => hosts.members.includes(hostId));
    const rows = toCurveRows(scaled.filter((row) => readScaled(row) !== null));
    if (distinct(rows.map(({ cell }) => numberAxis(cell, "cores") ?? 1)).length < 2) {
      return { absent: describeAbsence(report) };
    }
    const panels = selectPanels(rows, roles.panels);
    const shown = panels.members.flatMap((panel) => panel.rows);
    const series = indexSeries(shown, roles.series);
    const notes = [
      ...describeConditions(report, shown, "lines", "the ratio over pairs of launches"),
      "Speed-up S(c) = T(1)/T(c), launches paired by their number; the rising dashed line is S = c.",
      ...describeCurve(scaled, rows),
    ];
    const found = shown.flatMap((row) => readScaled(row) ?? []);
    return toSpec(found, {
      notes: [...notes, ...hosts.notes, ...panels.notes, ...series.notes],
      series,
      panels: panels.members.map((panel) => toPanel(panel, report, series)),
      names: [...roles.panels, ...roles.series],
    });
  },
};

function toSpec(
  found: readonly Scaled[],
  parts: {
    notes: readonly string[];
    series: SeriesIndex;
    panels: readonly LinesPanel[];
    names: readonly string[];
  },
): FigureSpec {
  return {
    title: "Speed-up over one core",
    says: describeLargest(found, parts.names),
    notes: parts.notes,
    chart: {
      kind: "lines",
      x: {
        label: "cores",
        scale: "log",
        ticks: distinct(found.map(({ cores }) => cores)),
        fromZero: false,
      },
      y: { label: "speed-up (×)", scale: "log", ticks: null, fromZero: false },
      series: parts.series.names,
      panels: parts.panels,
    },
    table: {
      columns: ["cells", "cores", "speed-up (×)", "low", "high", "efficiency (%)"],
      rows: found.map(({ row, cores, speedUp: { value, low, high }, efficiency }) => [
        titleOf(row, parts.names),
        cores,
        value,
        low,
        high,
        100 * efficiency.value,
      ]),
    },
  };
}

function readScaled(row: ReportRow): Scaled | null {
  const cores = numberAxis(row.cell, "cores");
  if (cores === undefined || "absent" in row.scaling) return null;
  return { row, cores, speedUp: row.scaling.speedUp, efficiency: row.scaling.efficiency };
}

function toPanel(
  panel: { title: string; rows: readonly ReportRow[] },
  report: Report,
  series: SeriesIndex,
): LinesPanel {
  const scaled = panel.rows.flatMap((row) => readScaled(row) ?? []);
  const [, most] = extent(scaled.map(({ cores }) => cores));
  const lines = series.names.flatMap((_, index) => {
    const points = scaled
      .filter(({ row }) => series.indexOf(row) === index)
      .map(({ cores, speedUp: figure }) => ({ x: cores, ...scaleFigure(figure, 1), isVoid: false }))
      .sort((a, b) => a.x - b.x);
    return points.length === 0 ? [] : [{ series: index, points }];
  });
  return {
    title: panel.title,
    lines,
    guides: boundaryGuides(report, panel.rows),
    ideal: [
      { x: 1, y: 1 },
      { x: most, y: most },
    ],
  };
}

function describeLargest(found: readonly Scaled[], names: readonly string[]): string {
  const [first] = found;
  if (first === undefined) return "";
  const best = found.reduce((a, b) => (b.speedUp.value > a.speedUp.value ? b : a), first);
  const { low, high, value } = best.speedUp;
  const interval =
    low === null || high === null
      ? "no interval"
      : `95 % interval ${significant(low, 3)}–${significant(high, 3)}`;
  const where = titleOf(best.row, names);
  return `The largest speed-up is ${significant(value, 3)}× on ${countOf(best.cores, "core")} (${interval}), ${significant(100 * best.efficiency.value, 2)} % of the ideal${where === "" ? "" : `: ${where}`}.`;
}

function describeAbsence({ rows }: Report): string {
  const reasons = rows.flatMap(({ scaling }) => ("absent" in scaling ? [scaling.absent] : []));
  return reasons[0] ?? "fewer than two numbers of cores were measured";
}
