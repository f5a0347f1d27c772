import { compareSides } from "../../coordinator/analysis/compare/compare-sides.ts";
import { parseSide } from "../../coordinator/analysis/compare/side.ts";
import type { Study } from "../../coordinator/analysis/findings.ts";
import { labelRatio } from "../../coordinator/published/label-rounding.ts";
import { median } from "../../shared/stats/quantile.ts";
import { files, findingsOf, lengthOf, metricOf, part1Rows, readInput, valueOf } from "./kit.ts";

const table = "batch_scaling";
const counts = [1, 2, 4, 8];
type Run = "draft" | "published";

const input = (run: Run) => readInput(files.part1, table, run);

/** One row a framework and length: each number of instances with its published figures. */
function matrix(run: Run) {
  const rows = part1Rows(table).filter((row) => row["run"] === run);
  const keys = [
    ...new Map(rows.map((row) => [`${row["framework"]} ${row["sequence_length"]}`, row])).values(),
  ];
  return keys.map(({ framework, sequence_length: length }) => ({
    framework: String(framework),
    length: Number(length),
    by: counts.map((instances) => {
      const row = rows.find(
        (found) =>
          found["framework"] === framework &&
          found["sequence_length"] === length &&
          found["instances"] === instances,
      );
      return {
        instances,
        ms: Number(row?.["max_latency_ms"]),
        calls: Number(row?.["calls_per_s"]),
      };
    }),
  }));
}

/** The whole-batch study of a workload: it has the splits. */
function wholeStudy(run: Run, framework: string, length: number): Study {
  const study = findingsOf(input(run)).studies.find(
    ({ workload }) =>
      workload["runner"] === framework &&
      lengthOf(workload) === length &&
      workload["batch_size"] === 8,
  );
  if (study === undefined) throw new Error(`no study of ${framework} ${length}`);
  return study;
}

/** Samples per second as the analysis has them, for each number of instances. */
function ratesOf(run: Run, framework: string, length: number): readonly number[] {
  return counts.map((instances) => {
    const cell = input(run).cells.find(
      (found) =>
        found.cell["runner"] === framework &&
        lengthOf(found.cell) === length &&
        found.cell["instances"] === instances,
    );
    const launch = cell?.launches[0];
    return launch?.type === "measured" ? launch.samplesPerSecond : Number.NaN;
  });
}

function rangeBy(rows: readonly (readonly unknown[])[], column: number) {
  const of = (framework: string): number[] =>
    rows.filter(([name]) => name === framework).map((row) => Number(row[column]));
  const range = (values: readonly number[]) => [Math.min(...values), Math.max(...values)];
  return { pytorch: range(of("pytorch")), tensorflow: range(of("tensorflow")) };
}

export function unitTrapDraft() {
  const rows = matrix("draft").map(({ framework, length, by }) => {
    const rates = ratesOf("draft", framework, length);
    const study = wholeStudy("draft", framework, length);
    const gains = counts
      .slice(1)
      .map((instances) => valueOf(metricOf(study, "batch-split-gain", { instances })));
    const gain = Math.max(...gains);
    const bestAt = counts[gains.indexOf(gain) + 1];
    const calls = Math.max(...by.map((entry) => entry.calls)) / (by[0]?.calls ?? Number.NaN);
    return [framework, length, ...rates, bestAt, gain, calls];
  });
  return {
    rows,
    samples_gain_range: rangeBy(rows, 7),
    calls_gain_range: rangeBy(rows, 8),
  };
}

export function unitTrapPublished() {
  const rows = matrix("published").map(({ framework, length, by }) => {
    const study = wholeStudy("published", framework, length);
    const gains = counts.map((instances) =>
      instances === 1 ? 1 : valueOf(metricOf(study, "batch-split-speed-up", { instances })),
    );
    const gain = Math.max(...gains);
    const bestAt = counts.filter((_, index) => Math.abs((gains[index] ?? 0) - gain) < 1e-9);
    const first = by[0]?.calls ?? 0;
    const rates = ratesOf("published", framework, length);
    const labels = first >= 10 ? Math.max(...rates) / (rates[0] ?? Number.NaN) : null;
    const most = by.reduce((a, b) => (b.calls > a.calls ? b : a));
    const calls = labelRatio(most.calls, first, 1);
    const high = Number.isFinite(calls.high) ? calls.high : null;
    return [
      framework,
      length,
      ...by.map(({ ms }) => 8_000 / ms),
      bestAt,
      gain,
      labels,
      calls.low,
      high,
    ];
  });
  const pytorch = matrix("published").filter(({ framework }) => framework === "pytorch");
  return {
    rows,
    samples_gain_range: rangeBy(rows, 7),
    calls_gain_labels_pytorch: pytorch.map(({ length, by }) => [
      length,
      Math.max(...by.map(({ calls }) => calls)) / (by[0]?.calls ?? Number.NaN),
    ]),
  };
}

export function quantisedThroughput() {
  const window = 5;
  const cells = matrix("draft").flatMap(({ framework, length, by }) =>
    by.map((entry) => ({ framework, length, ...entry, inWindow: entry.calls * window })),
  );
  const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-6;
  const overstated = (framework: string, length: number) => {
    const found = cells.find(
      (cell) => cell.framework === framework && cell.length === length && cell.instances === 1,
    );
    const real = 1_000 / (found?.ms ?? Number.NaN);
    const said = found?.calls ?? Number.NaN;
    return [said, real, 100 * (said / real - 1)];
  };
  return {
    "all_multiples_of_0.2": cells.every(({ inWindow }) => isWhole(inWindow)),
    implied_window_s: window,
    few_calls: cells
      .filter(({ inWindow, instances }) => inWindow / instances < 10)
      .map((cell) => [cell.framework, cell.length, cell.instances, Math.round(cell.inWindow)]),
    overstatement: {
      tensorflow_512_n1: overstated("tensorflow", 512),
      tensorflow_384_n1: overstated("tensorflow", 384),
    },
  };
}

export function latencyThroughputCheck() {
  const cells = matrix("draft").flatMap(({ framework, length, by }) => {
    const rates = ratesOf("draft", framework, length);
    return by.map(({ instances, ms }, index) => ({
      framework,
      instances,
      deviation: 100 * ((rates[index] ?? Number.NaN) / (8_000 / ms) - 1),
    }));
  });
  const range = (keep: (cell: (typeof cells)[number]) => boolean) => {
    const values = cells.filter(keep).map(({ deviation }) => deviation);
    return [Math.min(...values), Math.max(...values)];
  };
  const names = ["pytorch", "tensorflow"].flatMap((framework) =>
    counts.map((instances) => [
      `${framework}_n${instances}`,
      range((cell) => cell.framework === framework && cell.instances === instances),
    ]),
  );
  const pytorch = (keep: (instances: number) => boolean) =>
    range(({ framework, instances }) => framework === "pytorch" && keep(instances));
  return {
    deviation_percent: Object.fromEntries(names) as unknown,
    pytorch_n_le_4: pytorch((instances) => instances <= 4),
    pytorch_n8: pytorch((instances) => instances === 8),
  };
}

export function optimalInstances() {
  const fastest = (run: Run, framework: string, length: number): number[] => {
    const study = wholeStudy(run, framework, length);
    const speedUps = counts.map((instances) =>
      instances === 1 ? 1 : valueOf(metricOf(study, "batch-split-speed-up", { instances })),
    );
    const best = Math.max(...speedUps);
    return counts.filter((_, index) => Math.abs((speedUps[index] ?? 0) - best) < 1e-9);
  };
  const rows = part1Rows("optimal_instances").map((row) => {
    const [framework, length, figure] = [
      String(row["framework"]),
      Number(row["sequence_length"]),
      Number(row["instances"]),
    ];
    const published = fastest("published", framework, length);
    const draft = fastest("draft", framework, length);
    const matches = [published, draft].map((argmin) => argmin.includes(figure));
    return [framework, length, figure, published, draft, ...matches];
  });
  return {
    rows,
    published_matches: rows.filter((row) => row[5] === true).length,
    draft_matches: rows.filter((row) => row[6] === true).length,
  };
}

export function superlinear() {
  const above = (run: Run) =>
    matrix(run).flatMap(({ framework, length }) => {
      const study = wholeStudy(run, framework, length);
      const speedUp = valueOf(metricOf(study, "batch-split-speed-up", { instances: 2 }));
      return speedUp > 2 ? [[framework, length, speedUp]] : [];
    });
  const flagged = findingsOf(input("published")).anomalies.filter(
    ({ kind, message }) => kind === "superlinear" && message.startsWith("2 instances"),
  );
  if (flagged.length !== 4) throw new Error(`${flagged.length} superlinear cells are flagged`);
  const gain = (length: number) =>
    valueOf(metricOf(wholeStudy("draft", "pytorch", length), "batch-split-gain", { instances: 2 }));
  return {
    factor_above_2: { published: above("published"), draft: above("draft") },
    draft_samples_gain_pytorch: [384, 512].map((length) => [length, gain(length)]),
  };
}

export function runToRun() {
  const [a, b] = [input("published"), input("draft")];
  const { cells } = compareSides(
    { a, b },
    {
      a: parseSide(a.sweep.sweepId),
      b: parseSide(b.sweep.sweepId),
      objective: "latency",
      margin: 0.01,
    },
  );
  if (cells.some(({ change }) => change !== "inconclusive"))
    throw new Error("a change without repeats");
  const order = matrix("published").map(({ framework, length }) => `${framework} ${length}`);
  const rows = cells
    .map(({ cell, a: before, b: after, ratio }) => ({
      cell,
      place: order.indexOf(`${cell["runner"]} ${lengthOf(cell)}`),
      ms: [valueOf(before) / 1e6, valueOf(after) / 1e6].map(Math.round),
      off: 100 * (Math.max(valueOf(ratio), 1 / valueOf(ratio)) - 1),
    }))
    .sort((x, y) => x.place - y.place);
  const medians = counts.map((instances) => [
    String(instances),
    median(rows.filter(({ cell }) => cell["instances"] === instances).map(({ off }) => off)),
  ]);
  return {
    cells: cells.length,
    above_10_percent: rows
      .filter(({ off }) => off > 10)
      .map(({ cell, ms, off }) => [cell["runner"], lengthOf(cell), cell["instances"], ...ms, off]),
    median_percent_by_instances: Object.fromEntries(medians) as unknown,
  };
}
