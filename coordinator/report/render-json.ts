import type {
  FailedCell,
  Figure,
  MissingCell,
  Report,
  ReportHeader,
  ReportRow,
  Scaling,
} from "../analysis/report.ts";
import { toSnakeCase } from "./snake-case.ts";

/** The report in the structure `fleetsweep-report/1`: snake_case fields, cells as they were planned. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(toJson(report), null, 2)}\n`;
}

function toJson(report: Report) {
  return {
    schema: report.schema,
    sweep: headerToJson(report.sweep),
    hosts: report.hosts.map(({ hostId, facts }) => ({
      host: hostId,
      facts: Object.fromEntries(facts.map(({ name, value }) => [name.replaceAll(" ", "_"), value])),
    })),
    constants: report.constants,
    varying: report.varying,
    rows: report.rows.map(rowToJson),
    failed: report.failed.map(failedToJson),
    missing: report.missing.map((cell) => ({ ...identify(cell), reason: cell.reason })),
    findings: toSnakeCase(report.findings),
  };
}

function headerToJson(sweep: ReportHeader) {
  return {
    sweep_id: sweep.sweepId,
    name: sweep.name,
    state: sweep.state,
    precision: sweep.precision,
    target_half_width: sweep.targetHalfWidth,
    submitted_at_ms: sweep.submittedAtMs,
    planned_cells: sweep.plannedCells,
    orphans: sweep.orphans,
  };
}

function rowToJson(row: ReportRow) {
  return {
    ...identify(row),
    launches: row.launches,
    median_ns: figureToJson(row.medianNs),
    p90_ns: row.p90Ns,
    pooled_calls: row.pooledCalls,
    samples_per_second: row.samplesPerSecond,
    samples_per_second_low: row.throughput.low,
    samples_per_second_high: row.throughput.high,
    ...scalingToJson(row.scaling),
    verdict: row.verdict,
  };
}

function scalingToJson(scaling: Scaling) {
  if ("absent" in scaling) {
    return { speed_up: null, efficiency: null, speed_up_absent: scaling.absent };
  }
  return {
    speed_up: figureToJson(scaling.speedUp),
    efficiency: figureToJson(scaling.efficiency),
    base_cell_id: scaling.baseCellId,
    pairs: scaling.pairs,
  };
}

function figureToJson({ value, low, high, halfWidth }: Figure) {
  return { value, low, high, half_width: halfWidth };
}

function failedToJson(cell: FailedCell) {
  return {
    ...identify(cell),
    reason: cell.reason,
    message: cell.message,
    stderr_tail: cell.stderrTail,
    measured_launches: cell.measuredLaunches,
  };
}

function identify({ hostId, cellId, cell }: ReportRow | FailedCell | MissingCell) {
  return { host: hostId, cell_id: cellId, cell };
}
