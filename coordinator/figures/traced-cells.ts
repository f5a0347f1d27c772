import { countOf } from "../../shared/domain/text-layout.ts";
import type { Report, ReportRow } from "../analysis/report.ts";
import { type CallTrace, traceKey } from "../analysis/traces.ts";
import { hostAxis, titleOf } from "./axis-roles.ts";
import { rangeOf } from "./range-words.ts";

export interface TracedCell {
  readonly label: string;
  readonly row: ReportRow;
  readonly trace: CallTrace;
}

/** Cells whose calls the report carries, in its order; empty where it was made without them. */
export function tracedCells(report: Report): readonly TracedCell[] {
  const traces = new Map(report.traces?.cells.map((trace) => [traceKey(trace), trace]));
  const names = [...(report.hosts.length > 1 ? [hostAxis] : []), ...report.varying];
  return report.rows.flatMap((row) => {
    const trace = traces.get(traceKey(row));
    if (trace === undefined) return [];
    return [{ label: titleOf(row, names) || "the only cell", row, trace }];
  });
}

export function describeTraceSelection({ traces }: Report): string[] {
  if (traces === null || traces.cells.length >= traces.cellsMeasured) return [];
  return [
    `Calls of ${traces.cells.length} of ${countOf(traces.cellsMeasured, "cell")} are shown: those with a doubtful launch first, then others spread evenly.`,
  ];
}

/** How many calls were cut before the timed ones. */
export function describeWarmup(cells: readonly TracedCell[]): string {
  const counts = cells.map(({ trace }) => Math.round(trace.warmupCalls / trace.launches));
  if (counts.length === 0) return "";
  return `Warm-up is cut: ${rangeOf(counts, "call")} a launch came before the timed ones.`;
}
