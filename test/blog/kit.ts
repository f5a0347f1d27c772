import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildFindings } from "../../coordinator/analysis/build-findings.ts";
import type { Findings, MetricName, Study } from "../../coordinator/analysis/findings.ts";
import type { Metric } from "../../coordinator/analysis/metric.ts";
import type { ReportCell, ReportInput } from "../../coordinator/analysis/report-input.ts";
import {
  type PublishedDocument,
  type PublishedRow,
  parsePublished,
  rowsByColumn,
} from "../../coordinator/published/parse-tables.ts";
import { publishedInputs } from "../../coordinator/published/published-input.ts";
import type { Cell } from "../../shared/domain/cell.ts";

const folder = join(import.meta.dirname, "../../../shared/fixtures/blog");

export const missing = existsSync(join(folder, "expected.json"))
  ? null
  : "there is no ../shared/fixtures/blog";

/** One published fact: what an analyser must derive from the tables. */
export interface Fact {
  readonly id: string;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly tolerance?: number | Readonly<Record<string, number>>;
}

export function readFacts(): readonly Fact[] {
  if (missing !== null) return [];
  const text = readFileSync(join(folder, "expected.json"), "utf8");
  return (JSON.parse(text) as { facts: Fact[] }).facts;
}

export function readDocument(fileName: string): PublishedDocument {
  return parsePublished(readFileSync(join(folder, fileName), "utf8"), fileName);
}

/** The only run of a file's only table, or the named one. */
export function readInput(fileName: string, table?: string, run?: string): ReportInput {
  const document = readDocument(fileName);
  const chosen = document.tables.find(({ name }) => table === undefined || name === table);
  const inputs = chosen === undefined ? [] : publishedInputs(document, chosen);
  const input = inputs.find(({ sweep }) => run === undefined || sweep.sweepId.endsWith(`.${run}`));
  if (input === undefined) throw new Error(`${fileName} has no ${table} ${run}`);
  return input;
}

export const files = {
  scaling: "part2-core-scaling.json",
  allocators: "part2-allocators.json",
  openmp: "part2-openmp.json",
  tuning: "part2-tuning.json",
  part1: "part1-multi-instance.json",
} as const;

export function part1Rows(table: string): readonly PublishedRow[] {
  const found = readDocument(files.part1).tables.find(({ name }) => name === table);
  if (found === undefined) throw new Error(`part 1 has no table ${table}`);
  return rowsByColumn(found);
}

export function findingsOf(input: ReportInput): Findings {
  return buildFindings(input);
}

const runnerNames: Readonly<Record<string, string>> = {
  "pytorch eager": "pytorch_eager",
  "pytorch graph": "torchscript",
  "tensorflow eager off": "tensorflow_eager",
  "tensorflow graph off": "tensorflow_graph",
  "tensorflow eager on": "tensorflow_onednn_eager",
  "tensorflow graph on": "tensorflow_onednn_graph",
  "intel-tensorflow eager": "intel_tensorflow_eager",
  "intel-tensorflow graph": "intel_tensorflow_graph",
};

/** The charts' name of what a cell runs. */
export function modeOf(...cells: readonly Cell[]): string {
  const cell: Cell = Object.assign({}, ...cells);
  const key = [cell["runner"], cell["mode"], cell["onednn"]].filter((part) => part !== undefined);
  return runnerNames[key.join(" ")] ?? String(cell["runner"]);
}

const chartOrder = [
  "pytorch_eager",
  "tensorflow_eager",
  "tensorflow_onednn_eager",
  "intel_tensorflow_eager",
  "torchscript",
  "tensorflow_graph",
  "tensorflow_onednn_graph",
  "intel_tensorflow_graph",
];

/** Rows that begin with mode and length, in the order of the charts. */
export function inChartOrder<Row extends readonly unknown[]>(rows: readonly Row[]): Row[] {
  const place = ([mode]: Row): number => chartOrder.indexOf(String(mode));
  return [...rows].sort((a, b) => place(a) - place(b) || Number(a[1]) - Number(b[1]));
}

export function lengthOf(cell: Cell): number {
  return Number(cell["sequence_length"]);
}

/** Milliseconds of a cell; null where nothing was published. */
export function msOf(cell: ReportCell | undefined): number | null {
  const launch = cell?.launches[0];
  return launch?.type === "measured" ? launch.medianNs / 1e6 : null;
}

export function metricOf(study: Study, name: MetricName, at: Cell = {}): Metric | undefined {
  return study.metrics.find(
    (metric) =>
      metric.name === name &&
      Object.entries(at).every(([axis, value]) => metric.at[axis] === value),
  )?.figure;
}

export function valueOf(metric: Metric | undefined): number {
  if (metric === undefined || metric.value === null) throw new Error("the metric has no value");
  return metric.value;
}

/** The tables' words for decisions. */
export function socketWord(decision: string | null): string {
  const words: Readonly<Record<string, string>> = {
    "one-socket": "one_socket",
    "all-sockets": "two_sockets",
    "no-difference": "tie",
    "not-enough-data": "not_enough_data",
  };
  return words[decision ?? ""] ?? "not_computable";
}

/** Halves to the even neighbour, as the facts' own arithmetic rounds. */
export function round(value: number, digits: number): number {
  const scaled = Number((value * 10 ** digits).toPrecision(12));
  const low = Math.floor(scaled);
  const isHalf = scaled - low === 0.5;
  return (isHalf ? low + (low % 2) : Math.round(scaled)) / 10 ** digits;
}
