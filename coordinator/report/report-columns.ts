import type { Report, ReportRow } from "../analysis/report.ts";
import { showAxisValue } from "../analysis/report.ts";
import type { ServerLoad } from "../analysis/report-input.ts";
import { absent, chooseTimeUnit, percent, significant, type TimeUnit } from "./numbers.ts";
import type { TextColumn } from "./text-table.ts";

const figureDigits = 4;
const ratioDigits = 3;

/** The columns of the table for people: what varies, then the figures. */
export function reportColumns(report: Report): readonly TextColumn[] {
  const { rows } = report;
  const unit = chooseTimeUnit(rows.map((row) => row.medianNs.value));
  return [
    ...(report.hosts.length > 1 ? [hostColumn(rows)] : []),
    ...report.varying.map((name) => axisColumn(name, rows)),
    ...timeColumns(rows, unit),
    figure(["samples", "/s"], rows, (row) => significant(row.samplesPerSecond, figureDigits)),
    ...loadColumns(rows),
    ...scalingColumns(rows),
    ...launchesColumn(rows),
    { ...figure(["verdict"], rows, (row) => row.verdict.status ?? absent), align: "left" },
  ];
}

/** Only where it differs from row to row; else the line above the table says it. */
function launchesColumn(rows: readonly ReportRow[]): TextColumn[] {
  if (new Set(rows.map(({ launches }) => launches.used)).size <= 1) return [];
  return [figure(["launch", "es"], rows, (row) => String(row.launches.used))];
}

function hostColumn(rows: readonly ReportRow[]): TextColumn {
  const cells = rows.map((row) => row.hostId);
  return { header: ["host"], align: "left", key: true, cells };
}

function axisColumn(name: string, rows: readonly ReportRow[]): TextColumn {
  const values = rows.map((row) => row.cell[name]);
  const numeric = values.every((value) => typeof value === "number");
  return {
    header: name.split("_"),
    align: numeric ? "right" : "left",
    key: true,
    cells: values.map((value) => (value === undefined ? absent : showAxisValue(value))),
  };
}

function timeColumns(rows: readonly ReportRow[], unit: TimeUnit): TextColumn[] {
  const time = (ns: number): string => significant(ns / unit.ns, figureDigits);
  const columns = [
    figure(["median", unit.name], rows, (row) => time(row.medianNs.value)),
    figure(["±", "%"], rows, ({ medianNs }) => share(medianNs.halfWidth)),
  ];
  // A column of dashes says nothing; why there is no p90 is said below.
  if (rows.every((row) => row.p90Ns === null)) return columns;
  return [
    ...columns,
    figure(["p90", unit.name], rows, ({ p90Ns }) => (p90Ns === null ? absent : time(p90Ns))),
  ];
}

/** Of servers: their latency stands beside what came to them and how busy that kept them. */
function loadColumns(rows: readonly ReportRow[]): TextColumn[] {
  if (rows.every(({ load }) => load === null)) return [];
  const column = (header: readonly string[], pick: (load: ServerLoad) => number): TextColumn =>
    figure(header, rows, ({ load }) =>
      load === null ? absent : significant(pick(load), ratioDigits),
    );
  return [
    column(["offered", "/s"], (load) => load.offeredPerSecond),
    column(["achieved", "/s"], (load) => load.achievedPerSecond),
    column(["busy", "%"], (load) => 100 * load.utilisation),
  ];
}

function scalingColumns(rows: readonly ReportRow[]): TextColumn[] {
  if (rows.every(({ scaling }) => "absent" in scaling)) return [];
  return [
    figure(["speed-", "up"], rows, ({ scaling }) =>
      "absent" in scaling ? absent : significant(scaling.speedUp.value, ratioDigits),
    ),
    figure(["±", "%"], rows, ({ scaling, cellId }) =>
      "absent" in scaling || scaling.baseCellId === cellId
        ? absent
        : share(scaling.speedUp.halfWidth),
    ),
    figure(["effic.", "%"], rows, ({ scaling }) =>
      "absent" in scaling ? absent : significant(100 * scaling.efficiency.value, ratioDigits),
    ),
  ];
}

function share(halfWidth: number | null): string {
  return halfWidth === null ? absent : percent(halfWidth);
}

function figure(
  header: readonly string[],
  rows: readonly ReportRow[],
  show: (row: ReportRow) => string,
): TextColumn {
  return { header, align: "right", key: false, cells: rows.map(show) };
}
