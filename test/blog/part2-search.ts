import { compareSides } from "../../coordinator/analysis/compare/compare-sides.ts";
import { parseSide } from "../../coordinator/analysis/compare/side.ts";
import type { ReportInput } from "../../coordinator/analysis/report-input.ts";
import { rowsByColumn } from "../../coordinator/published/parse-tables.ts";
import { makeHost, plan } from "../plan-kit.ts";
import {
  files,
  findingsOf,
  lengthOf,
  modeOf,
  msOf,
  readDocument,
  readInput,
  valueOf,
} from "./kit.ts";

/** Figure of each mode in the charts, from the tables themselves. */
function figureOf(file: string): ReadonlyMap<string, number> {
  const [table] = readDocument(file).tables;
  const rows = table === undefined ? [] : rowsByColumn(table);
  return new Map(rows.map((row) => [String(row["mode"]), Number(row["figure"])]));
}

/** Cells of a chart that are in the baseline chart too, with the ratio of their latencies. */
function repeated(file: string, knob: readonly [string, string], lengths: readonly number[]) {
  const baseline: ReportInput = readInput(files.scaling);
  const other = readInput(file);
  const side = parseSide(`${other.sweep.sweepId},${knob.join("=")}`);
  const { cells } = compareSides(
    { a: baseline, b: other },
    { a: parseSide(baseline.sweep.sweepId), b: side, objective: "latency", margin: 0.01 },
  );
  const failedIn = (input: ReportInput) =>
    input.cells.filter(
      (cell) => msOf(cell) === null && (cell.cell[knob[0]] ?? knob[1]) === knob[1],
    );
  const keyOf = (cell: ReportInput["cells"][number]["cell"]) =>
    `${modeOf(cell)} ${lengthOf(cell)} ${cell["cores"]}`;
  const missingInBoth = failedIn(baseline).filter((cell) =>
    failedIn(other).some((twin) => keyOf(twin.cell) === keyOf(cell.cell)),
  );
  return [
    ...cells.map(({ cell, a, b, ratio }) => ({
      cell,
      off: Math.abs(valueOf(b) - valueOf(a)) / 1e6,
      factor: Math.max(valueOf(ratio), 1 / valueOf(ratio)),
    })),
    ...missingInBoth.map(({ cell }) => ({ cell, off: 0, factor: 1 })),
  ].filter(({ cell }) => lengths.includes(lengthOf(cell)));
}

export function duplicateCells() {
  const lengths = [32, 128, 512];
  const found = repeated(files.allocators, ["allocator", "glibc"], lengths);
  const [baselines, figures] = [figureOf(files.scaling), figureOf(files.allocators)];
  const rows = [...figures].map(([mode, figure]) => {
    const own = found.filter(({ cell }) => modeOf(cell) === mode);
    const different = own.filter(({ off }) => off > 1 + 1e-6);
    const largest = Math.max(...own.map(({ factor }) => factor));
    const first = { factor: 1, cell: { sequence_length: 32, cores: 1 } };
    const worst = different.length === 0 ? first : own.find(({ factor }) => factor === largest);
    return [
      figure,
      baselines.get(mode),
      mode,
      own.length - different.length,
      different.length,
      worst?.factor,
      worst?.cell["sequence_length"],
      worst?.cell["cores"],
      different.length > 0 ? "conflict" : "agree",
    ] as const;
  });
  const conflicts = rows.filter((row) => row[8] === "conflict");
  const falls = [fallsOf(files.allocators, "glibc"), fallsOf(files.scaling, undefined)] as const;
  return {
    rows,
    conflicting_figures: conflicts.map(([figure]) => figure),
    fall_4_to_40_percent: conflicts.flatMap(([figure, , mode]) =>
      lengths.map((length) => [
        figure,
        mode,
        length,
        ...falls.map((fall) => Number(fall(mode, length).toFixed(1))),
      ]),
    ),
    gnu_series_vs_baseline: gnuSeries(baselines),
  };
}

/** How much latency falls from 4 to 40 cores, in percent of that on 4. */
function fallsOf(file: string, allocator: string | undefined) {
  const { studies } = findingsOf(readInput(file));
  return (mode: string, length: number): number => {
    const study = studies.find(
      ({ workload, setting }) =>
        modeOf(workload, setting) === mode &&
        lengthOf(workload) === length &&
        setting["allocator"] === allocator,
    );
    const speedUp = (cores: number): number =>
      valueOf(study?.curve.find((point) => point.cores === cores)?.speedUp);
    return 100 * (1 - speedUp(4) / speedUp(40));
  };
}

function gnuSeries(baselines: ReadonlyMap<string, number>) {
  const found = repeated(files.openmp, ["openmp", "gnu"], [20, 32, 128, 384, 512]);
  return [...figureOf(files.openmp)].map(([mode, figure]) => {
    const own = found.filter(({ cell }) => modeOf(cell) === mode);
    const equal = own.filter(({ off }) => off < 1e-6);
    return [figure, baselines.get(mode), mode, equal.length, own.length - equal.length];
  });
}

/** Cells as written, by the planner itself: those that it keeps and those that its rules take out. */
function written(axes: string, cores: number): number {
  const host = makeHost(
    cores === 1
      ? { packages: 1, coresPerNode: 1, threadsPerCore: 1 }
      : { packages: cores / 40, coresPerNode: 40 },
  );
  const [found] = plan(axes, [host]).hosts;
  const kept = found?.shards.reduce((sum, { cells }) => sum + cells.length, 0) ?? 0;
  return kept + (found?.pruned.reduce((sum, { count }) => sum + count, 0) ?? 0);
}

const search = `
  mode: graph
  model: bert-base
  placement: compact
  cores: 1..all
  allocator: [glibc, tcmalloc, jemalloc]
  openmp: [gnu, intel]
  thp: [always, never]
  kmp_blocktime: [0, 1]`;

export function configCount() {
  const one = (cores: number): number => written(`axes:\n  runner: pytorch${search}`, cores);
  const shapes =
    "batch_size: [1, 4, 8, 16, 32, 128]\n  sequence_length: [8, 16, 32, 64, 128, 384, 512]";
  // Three runners in two modes, and TensorFlow with oneDNN off and on beside: eight modes.
  const modes = search.replace("mode: graph", "mode: [eager, graph]");
  const some = (axes: string): number => written(`axes:\n  ${axes}\n  ${shapes}${modes}`, 80);
  const text = some("runner: pytorch") + some("runner: tensorflow\n  onednn: [default, off, on]");
  return {
    configs: [1, 40, 80].map((cores) => [cores, one(cores)]),
    text_matrix_cells: text,
    host_days_at_60_s: (text * 60) / 86_400,
    hours_one_search_at_60_s: (one(80) * 60) / 3_600,
  };
}

function tuningRows() {
  const [table] = readDocument(files.tuning).tables;
  return (table === undefined ? [] : rowsByColumn(table)).map((row) => ({
    length: Number(row["sequence_length"]),
    relative: Number(row["sigopt_relative_percent"]),
    brute: Number(row["brute_force_latency_ms"]),
    tuned: Number(row["sigopt_latency_ms"]),
  }));
}

export function tuningGap() {
  const rows = tuningRows().map((row) => ({ ...row, gap: row.relative - 100 }));
  const largest = [...rows].sort((a, b) => b.gap - a.gap)[0];
  const byLength = (read: (row: (typeof rows)[number]) => number) =>
    Object.fromEntries(rows.map((row) => [String(row.length), read(row)]));
  return {
    gap_percent: byLength(({ gap }) => gap),
    largest: [largest?.length, Number(largest?.gap.toFixed(2))],
    tuner_better: rows.filter(({ gap }) => gap < 0).map(({ length }) => length),
    gap_percent_from_figure_23: byLength(({ brute, tuned }) => 100 * (tuned / brute - 1)),
  };
}

/** The best TorchScript cell of any chart at a length, in ms. */
function bestChart(length: number, cores?: number): number {
  const cells = [files.scaling, files.allocators, files.openmp].flatMap(
    (file) => readInput(file).cells,
  );
  const own = cells.filter(
    ({ cell }) =>
      modeOf(cell) === "torchscript" &&
      lengthOf(cell) === length &&
      (cores === undefined || cell["cores"] === cores),
  );
  return Math.min(...own.flatMap((cell) => msOf(cell) ?? []));
}

export function bruteForceBound() {
  return {
    rows: tuningRows().map(({ length, brute }) => {
      const best = bestChart(length);
      return [length, brute, best, brute <= best + 0.5];
    }),
  };
}

export function sixteenCoreClaim() {
  const at16 = (file: string, axis: string, length: number): number => {
    const found = findingsOf(readInput(file)).interactions.filter(
      (entry) =>
        entry.axis === axis &&
        entry.across === "placement" &&
        lengthOf(entry.workload) === length &&
        modeOf(entry.workload, entry.fixed) === "torchscript",
    );
    const effects = found.flatMap(({ effects: each }) => each);
    const here = effects.filter(({ at }) => /cores 16\b/.test(at)).map((e) => valueOf(e.speedUp));
    return Math.max(...here.map((value) => Math.max(value, 1 / value)));
  };
  const tuned = tuningRows().find(({ length }) => length === 20)?.tuned ?? Number.NaN;
  const best = bestChart(20, 16);
  const [allocator, openmp] = [
    at16(files.allocators, "allocator", 32),
    at16(files.openmp, "openmp", 20),
  ];
  return {
    best_latency_ms_16_cores: best,
    sigopt_latency_ms: tuned,
    factor: best / tuned,
    largest_allocator_effect_seq32_16_cores: allocator,
    openmp_effect_seq20_16_cores: openmp,
    outcome: allocator * openmp < best / tuned ? "unexplained" : "explained",
  };
}
