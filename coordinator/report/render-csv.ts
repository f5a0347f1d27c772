import type { AxisValue } from "../../shared/domain/cell.ts";
import type { FailedCell, MissingCell, Report, ReportRow } from "../analysis/report.ts";
import { toCsv } from "./csv.ts";

type CsvRecord = Readonly<Record<string, AxisValue | null>>;

const figureNames = [
  "launches_used",
  "launches_invalid",
  "launches_failed",
  "median_ns",
  "median_low_ns",
  "median_high_ns",
  "p90_ns",
  "pooled_calls",
  "samples_per_second",
  "samples_per_second_low",
  "samples_per_second_high",
  "offered_calls_per_second",
  "achieved_calls_per_second",
  "utilisation",
  "unserved_calls",
  "speed_up",
  "speed_up_low",
  "speed_up_high",
  "efficiency",
  "base_cell_id",
  "verdict",
  "reasons",
  "message",
] as const;

/**
 * Every planned cell as one line of RFC 4180 CSV, with all digits: `state` is measured, failed or
 * missing, and what a cell does not have is empty.
 */
export function renderCsv(report: Report): string {
  const axisNames = [...Object.keys(report.constants), ...report.varying];
  const header = ["sweep_id", "host", "cell_id", "state", ...axisNames, ...figureNames];
  const { sweepId } = report.sweep;
  const records = [
    ...report.rows.map((row) => ({ ...start(row, "measured"), ...measuredFields(row) })),
    ...report.failed.map((cell) => ({ ...start(cell, "failed"), ...failedFields(cell) })),
    ...report.missing.map((cell) => ({ ...start(cell, "missing"), message: cell.reason })),
  ];
  const lines = records.map((record: CsvRecord) =>
    header.map((name) => (name === "sweep_id" ? sweepId : (record[name] ?? null))),
  );
  return toCsv([header, ...lines]);
}

function start({ hostId, cellId, cell }: ReportRow | FailedCell | MissingCell, state: string) {
  return { ...cell, host: hostId, cell_id: cellId, state };
}

function measuredFields(row: ReportRow): CsvRecord {
  const { launches, medianNs, scaling, verdict, load } = row;
  const scaled =
    "absent" in scaling
      ? {}
      : {
          speed_up: scaling.speedUp.value,
          speed_up_low: scaling.speedUp.low,
          speed_up_high: scaling.speedUp.high,
          efficiency: scaling.efficiency.value,
          base_cell_id: scaling.baseCellId,
        };
  return {
    launches_used: launches.used,
    launches_invalid: launches.invalid,
    launches_failed: launches.failed,
    median_ns: medianNs.value,
    median_low_ns: medianNs.low,
    median_high_ns: medianNs.high,
    p90_ns: row.p90Ns,
    pooled_calls: row.pooledCalls,
    samples_per_second: row.samplesPerSecond,
    samples_per_second_low: row.throughput.low,
    samples_per_second_high: row.throughput.high,
    offered_calls_per_second: load?.offeredPerSecond ?? null,
    achieved_calls_per_second: load?.achievedPerSecond ?? null,
    utilisation: load?.utilisation ?? null,
    unserved_calls: load?.unserved ?? null,
    ...scaled,
    verdict: verdict.status,
    reasons: verdict.reasons.map(({ code }) => code).join(" "),
    message: verdict.reasons.map(({ message }) => message).join("; "),
  };
}

function failedFields(cell: FailedCell): CsvRecord {
  return { reasons: cell.reason, message: cell.message };
}
