import { findAxis } from "../../shared/domain/axis.ts";
import type { Figure, Report, ReportRow } from "../analysis/report.ts";
import { significant, type TimeUnit } from "../report/numbers.ts";
import { hostAxis, selectHosts, selectPanels, titleOf } from "./axis-roles.ts";
import { describeConditions, usableRows } from "./conditions.ts";
import type { FigureKind } from "./figure-kind.ts";
import type { DataTable, ScatterChart } from "./figure-spec.ts";
import { indexSeries, type SeriesIndex } from "./series.ts";
import { timeUnitOf } from "./time-scale.ts";
import { logAxis } from "./value-axes.ts";

/** A trade-off needs a choice. */
const leastConfigurations = 3;

/** Throughput against latency of every configuration of a workload, with the Pareto front. */
export const pareto: FigureKind = {
  name: "pareto",
  answers: "Which instances × cores give most throughput at a latency that may be had?",

  specify(report) {
    const hosts = selectHosts(report);
    const rows = usableRows(report).filter(
      (row) =>
        hosts.members.includes(row.hostId) && row.samplesPerSecond > 0 && row.medianNs.value > 0,
    );
    const isWorkload = (name: string) =>
      ["runner", "call", undefined].includes(findAxis(name)?.kind);
    const panelAxes = [
      ...(report.hosts.length > 1 ? [hostAxis] : []),
      ...report.varying.filter(isWorkload),
    ];
    const chosen = report.varying.filter((name) => !isWorkload(name));
    const panels = selectPanels(rows, panelAxes);
    const large = panels.members.filter((panel) => panel.rows.length >= leastConfigurations);
    if (large.length === 0)
      return { absent: `no workload has ${leastConfigurations} configurations` };
    const shown = large.flatMap((panel) => panel.rows);
    const series = indexSeries(shown, ["placement"]);
    const unit = timeUnitOf(shown.map(({ medianNs }) => medianNs.value));
    const fronts = large.map((panel) => findFront(panel.rows));
    return {
      title: "Throughput against latency",
      says: describeFronts(fronts, chosen),
      notes: [
        ...describeConditions(report, shown, "scatter"),
        "Better is up and left. The line joins the configurations that none beats in both; labels are instances × cores. Panels have axes of their own.",
        ...hosts.notes,
        ...panels.notes,
      ],
      chart: {
        kind: "scatter",
        x: logAxis(`median latency (${unit.name})`, { shared: false }),
        y: logAxis("throughput (samples/s)", { shared: false }),
        series: series.names,
        panels: large.map((panel, index) =>
          toPanel(panel, fronts[index] ?? [], { series, unitNs: unit.ns, chosen }),
        ),
      },
      table: tabulate(large, fronts, { unit, chosen }),
    };
  },
};

interface Panel {
  readonly title: string;
  readonly rows: readonly ReportRow[];
}

function toPanel(
  { title, rows }: Panel,
  front: readonly ReportRow[],
  { series, unitNs, chosen }: { series: SeriesIndex; unitNs: number; chosen: readonly string[] },
): ScatterChart["panels"][number] {
  const place = (row: ReportRow) => ({ x: row.medianNs.value / unitNs, y: row.samplesPerSecond });
  const points = rows.map((row) => ({
    ...place(row),
    bounds: { x: boundsOf(row.medianNs, unitNs), y: boundsOf(row.throughput, 1) },
    series: series.indexOf(row) ?? 0,
    name: titleOf(row, chosen),
    label: front.includes(row) ? shortName(row) : "",
  }));
  return { title, points, path: front.map(place), guides: [] };
}

function boundsOf({ low, high }: Figure, unit: number): readonly [number, number] | null {
  return low === null || high === null ? null : [low / unit, high / unit];
}

function tabulate(
  panels: readonly Panel[],
  fronts: readonly (readonly ReportRow[])[],
  { unit, chosen }: { unit: TimeUnit; chosen: readonly string[] },
): DataTable {
  return {
    columns: [
      "workload",
      "configuration",
      `median (${unit.name})`,
      "low",
      "high",
      "samples/s",
      "low",
      "high",
      "on the front",
    ],
    rows: panels.flatMap(({ title, rows }, index) =>
      rows.map((row) => [
        title,
        titleOf(row, chosen),
        ...interval(row.medianNs, unit.ns),
        ...interval(row.throughput, 1),
        fronts[index]?.includes(row) === true ? "yes" : "no",
      ]),
    ),
  };
}

function interval({ value, low, high }: Figure, unit: number): (number | null)[] {
  return [value, low, high].map((bound) => (bound === null ? null : bound / unit));
}

/** Rows that no other beats in both latency and throughput, by latency. */
export function findFront(rows: readonly ReportRow[]): readonly ReportRow[] {
  const byLatency = rows.toSorted(
    (a, b) => a.medianNs.value - b.medianNs.value || b.samplesPerSecond - a.samplesPerSecond,
  );
  let most = 0;
  return byLatency.filter((row) => {
    if (row.samplesPerSecond <= most) return false;
    most = row.samplesPerSecond;
    return true;
  });
}

/** `2×24`: instances and cores of each. */
function shortName({ cell }: ReportRow): string {
  return `${cell["instances"] ?? 1}×${cell["cores"] ?? "all"}`;
}

function describeFronts(
  fronts: readonly (readonly ReportRow[])[],
  chosen: Report["varying"],
): string {
  const [front = []] = fronts;
  const quickest = front[0];
  const largest = front.at(-1);
  if (quickest === undefined || largest === undefined) return "";
  if (quickest === largest) {
    return `In the first panel ${titleOf(quickest, chosen)} is best in both latency and throughput.`;
  }
  const more = significant(largest.samplesPerSecond / quickest.samplesPerSecond, 3);
  const later = significant(largest.medianNs.value / quickest.medianNs.value, 3);
  return `In the first panel ${titleOf(largest, chosen)} gives ${more}× the throughput of the quickest, ${titleOf(quickest, chosen)}, at ${later}× its latency.`;
}
