import type { AxisValue, Cell } from "../../shared/domain/cell.ts";
import type { PublishedRow, PublishedTable, PublishedValue } from "./parse-tables.ts";

/** A row as a cell, with what was published of it. */
export interface PublishedCell {
  readonly cell: Cell;
  /** What tells repetitions of a table apart; empty where there is one. */
  readonly run: string;
  /** Null where nothing was drawn. */
  readonly latencyMs: number | null;
  readonly callsPerSecond: number | null;
}

/** Framework and mode as publications name them → axes. */
const modes: Readonly<Record<string, Cell>> = {
  pytorch: { runner: "pytorch" },
  tensorflow: { runner: "tensorflow" },
  pytorch_eager: { runner: "pytorch", mode: "eager" },
  torchscript: { runner: "pytorch", mode: "graph" },
  tensorflow_eager: { runner: "tensorflow", mode: "eager", onednn: "off" },
  tensorflow_graph: { runner: "tensorflow", mode: "graph", onednn: "off" },
  tensorflow_onednn_eager: { runner: "tensorflow", mode: "eager", onednn: "on" },
  tensorflow_onednn_graph: { runner: "tensorflow", mode: "graph", onednn: "on" },
  intel_tensorflow_eager: { runner: "intel-tensorflow", mode: "eager" },
  intel_tensorflow_graph: { runner: "intel-tensorflow", mode: "graph" },
};

/** Columns whose value is an axis's. */
const axisColumns: Readonly<Record<string, string>> = {
  sequence_length: "sequence_length",
  batch_size: "batch_size",
  batch_size_per_instance: "batch_size",
  cores: "cores",
  cores_per_instance: "cores",
  instances: "instances",
  allocator: "allocator",
  openmp_runtime: "openmp",
};

/** The rows of a table that have a latency column, as cells; empty for tables of another kind. */
export function publishedCells(
  table: PublishedTable,
  rows: readonly PublishedRow[],
): PublishedCell[] {
  const column = table.columns.find((name) => name === "latency_ms" || name === "max_latency_ms");
  if (column === undefined) return [];
  return rows.map((row) => ({
    cell: toCell(row, table),
    run: String(row["run"] ?? ""),
    latencyMs: toNumber(row["latency_ms_unrounded"]) ?? toNumber(row[column]),
    callsPerSecond: toNumber(row["calls_per_s"]),
  }));
}

function toCell(row: PublishedRow, table: PublishedTable): Cell {
  const axes: Record<string, AxisValue> = {};
  for (const [column, axis] of Object.entries(axisColumns)) {
    const value = row[column] ?? (column === "batch_size" ? table.constants[column] : null);
    if (value !== null && value !== undefined && axes[axis] === undefined) axes[axis] = value;
  }
  const mode = modes[String(row["mode"] ?? row["framework"])] ?? {};
  return { ...mode, ...axes, ...placementOf(row) };
}

/** Where a publication says which sockets were used, or how many instances ran, that is a placement. */
function placementOf(row: PublishedRow): Cell {
  const threads = toNumber(row["hardware_threads_per_core"]);
  if (threads !== null) return { placement: "one-socket", smt: threads > 1 ? "on" : "off" };
  const sockets = toNumber(row["sockets_used"]);
  const cores = row["cores"] ?? row["threads_per_instance"];
  if (sockets !== null) {
    const placement = sockets > 1 ? "all-sockets" : "one-socket";
    return { placement, instances: 1, ...(typeof cores === "number" ? { cores } : {}) };
  }
  return row["instances"] === undefined ? {} : { placement: "all-sockets" };
}

function toNumber(value: PublishedValue | undefined): number | null {
  return typeof value === "number" ? value : null;
}
