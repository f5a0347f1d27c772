import { coreRises } from "../../coordinator/analysis/anomalies/core-order.ts";
import {
  scoreCells,
  sizeViolations,
  suspects,
} from "../../coordinator/analysis/anomalies/size-order.ts";
import {
  type AnalysedCell,
  analyseCells,
} from "../../coordinator/analysis/findings/analysed-cell.ts";
import { parsePublished } from "../../coordinator/published/parse-tables.ts";
import { publishedInputs } from "../../coordinator/published/published-input.ts";
import { parseCpuList } from "../../shared/domain/cpuset.ts";
import {
  files,
  findingsOf,
  lengthOf,
  metricOf,
  part1Rows,
  readDocument,
  readInput,
  round,
  socketWord,
  valueOf,
} from "./kit.ts";

function outOfBox(framework: string, largestBatch = 0): readonly AnalysedCell[] {
  return analyseCells(readInput(files.part1, "out_of_box")).filter(
    ({ cell }) => cell["runner"] === framework && Number(cell["batch_size"]) >= largestBatch,
  );
}

const shapeOf = ({ cell }: AnalysedCell) => [Number(cell["batch_size"]), lengthOf(cell)];
const msOf = ({ latencyNs }: AnalysedCell) => Math.round((latencyNs.get(1) ?? 0) / 1e6);

function violationsOf(cells: readonly AnalysedCell[]) {
  return sizeViolations(cells)
    .map(({ smaller, larger, ratio }) => [
      ...shapeOf(smaller),
      ...shapeOf(larger),
      msOf(smaller),
      msOf(larger),
      ratio,
    ])
    .sort((a, b) => Number(b[6]) - Number(a[6]));
}

export function monotonicityOutlier() {
  const figure2 = outOfBox("pytorch", 16);
  const both = outOfBox("pytorch");
  const flagged = suspects(sizeViolations(figure2));
  const scores = [...scoreCells(sizeViolations(both))].sort(([, a], [, b]) => b - a);
  const without = both.filter(({ cell }) => cell["batch_size"] !== 16 || lengthOf(cell) !== 384);
  const reported = findingsOf(readInput(files.part1, "out_of_box")).anomalies.filter(
    ({ kind }) => kind === "non-monotone",
  );
  return {
    figure_2_violations: violationsOf(figure2),
    figure_2_flagged: flagged.length === 1 ? flagged.flatMap(({ cell }) => shapeOf(cell)) : [],
    figures_1_2_violations: violationsOf(both),
    figures_1_2_scores: scores.map(([cell, score]) => [...shapeOf(cell), score]),
    violations_after_removing_16_384: violationsOf(without),
    tensorflow_violations: violationsOf(outOfBox("tensorflow")),
    // The label is the tables' own; what the product says of it is that this cell is the first suspect.
    bar_height_confirms_label_1106: reported[0]?.message.startsWith("batch 16 at length 384"),
  };
}

/** T(2 threads a core)/T(1) of every framework and length; without the unrounded labels where asked. */
function smtRatios(run: string, rounded: boolean) {
  const text = JSON.stringify(rawDocument(rounded));
  const document = parsePublished(text, files.part1);
  const table = document.tables.find(({ name }) => name === "smt");
  const inputs = table === undefined ? [] : publishedInputs(document, table);
  const input = inputs.find(({ sweep }) => sweep.sweepId.endsWith(`.${run}`));
  if (input === undefined) throw new Error(`no SMT run ${run}`);
  return findingsOf(input).studies.map((study) => ({
    framework: String(study.workload["runner"]),
    length: lengthOf(study.workload),
    ratio: valueOf(metricOf(study, "smt-latency-ratio")),
  }));
}

function rawDocument(rounded: boolean) {
  const { host, software, tables } = readDocument(files.part1);
  const smt = tables.find(({ name }) => name === "smt");
  const kept = (smt?.columns ?? []).map((name) => !(rounded && name === "latency_ms_unrounded"));
  return {
    schema: "fleetsweep.blog.tables/1",
    host: host.facts,
    software,
    tables: {
      smt: {
        columns: smt?.columns.filter((_, index) => kept[index]),
        rows: smt?.rows.map((row) => row.filter((_, index) => kept[index])),
      },
    },
  };
}

export function smt() {
  const [last, unrounded, rounded] = [
    smtRatios("last_asset", false),
    smtRatios("draft", false),
    smtRatios("draft", true),
  ];
  const find = (ratios: typeof last, framework: string, length: number): number =>
    ratios.find((found) => found.framework === framework && found.length === length)?.ratio ??
    Number.NaN;
  const rows = last.map(({ framework, length, ratio }) => {
    const draft = find(unrounded, framework, length);
    const changes = Math.max(ratio, draft) > 1.05 && Math.min(ratio, draft) < 0.95;
    return [framework, length, ratio, draft, find(rounded, framework, length), changes] as const;
  });
  rows.sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  const costs = (column: 2 | 3 | 4) => {
    const values = rows
      .filter(([name]) => name === "pytorch")
      .map((row) => 100 * (row[column] - 1));
    return [round(Math.min(...values), 1), round(Math.max(...values), 1)];
  };
  const tensorflow = rows.find(([name, length]) => name === "tensorflow" && length === 128);
  return {
    rows,
    sign_changes: rows.filter((row) => row[5]).map(([name, length]) => [name, length]),
    pytorch_draft_cost_percent_unrounded: costs(3),
    pytorch_draft_cost_percent_rounded_labels: costs(4),
    pytorch_last_cost_percent: costs(2),
    tensorflow_128_draft_change_percent: round(100 * ((tensorflow?.[3] ?? 0) - 1), 1),
  };
}

export function coreCountVerdict() {
  const input = readInput(files.part1, "core_count_scaling");
  const findings = findingsOf(input);
  const cells = analyseCells(input);
  const cellOf = (hostId: string, cellId: string) =>
    cells.find((cell) => cell.hostId === hostId && cell.cellId === cellId);
  const rows = findings.studies.map((study) => {
    const at = (cores: number): number =>
      valueOf(study.curve.find((point) => point.cores === cores)?.latencyNs) / 1e6;
    const ratio = 1 / valueOf(metricOf(study, "across-socket-speed-up"));
    const word = socketWord(ratio < 1 ? "all-sockets" : ratio > 1 ? "one-socket" : "no-difference");
    const { workload } = study;
    return [
      workload["runner"],
      lengthOf(workload),
      Math.round(at(24)),
      Math.round(at(48)),
      ratio,
      word,
    ];
  });
  const rises = findings.studies.flatMap((study) =>
    coreRises(study, cellOf).map(({ cores, fewer, more, ratio }) => [
      study.workload["runner"],
      lengthOf(study.workload),
      ...cores,
      msOf(fewer),
      msOf(more),
      ratio,
    ]),
  );
  const largest = findings.studies.find(
    ({ workload }) => workload["runner"] === "pytorch" && lengthOf(workload) === 512,
  );
  const tuned =
    largest === undefined ? undefined : metricOf(largest, "tuned-across-socket-speed-up");
  return {
    rows,
    two_sockets: rows.filter((row) => row[5] === "two_sockets").length,
    within_one_socket_rises: rises,
    pytorch_512_48_over_best_one_socket: 1 / valueOf(tuned),
  };
}

export function cost() {
  const [large, small] = part1Rows("cost").map((row) => ({
    cores: Number(row["cores"]),
    price: Number(row["price_usd_per_hour"]),
  }));
  if (large === undefined || small === undefined) throw new Error("no prices");
  const perCore = [large, small].map(({ price, cores }) => price / cores);
  return {
    price_ratio: round(large.price / small.price, 6),
    core_ratio: large.cores / small.cores,
    usd_per_core_hour: perCore.map((price) => round(price, 6)),
    saving_at_equal_work_per_core: round((perCore[0] ?? 0) / (perCore[1] ?? 1), 6),
  };
}

export function commandWidth() {
  const rows = part1Rows("commands").map((row) => ({
    section: row["section"],
    list: String(row["cpu_list"]),
    cpus: parseCpuList(String(row["cpu_list"])).cpus.length,
    threads: Number(row["threads_per_instance"]),
  }));
  return {
    bad_commands: rows
      .filter(({ cpus, threads }) => cpus !== threads)
      .map(({ section, list, cpus, threads }) => [section, list, cpus, threads]),
    checked: rows.length,
  };
}

/** The text's claim is the one fact that no table has: 24-47 are the second threads of node 0. */
export function topologyText() {
  const claimed = "24-47";
  const { coresPerSocket, facts } = readDocument(files.part1).host;
  const cpus = String(facts["numa_node0_cpus"]).split(",");
  const second = cpus.filter((part) => Number(part.split("-")[0]) >= coresPerSocket).join(",");
  return {
    text_node0_second_threads: claimed,
    lscpu_node0_second_threads: second,
    agree: second === claimed,
  };
}
