import { decidingAxes } from "../../coordinator/analysis/findings/placement-verdicts.ts";
import type { Interaction, PlacementVerdict } from "../../coordinator/analysis/findings.ts";
import type { ReportCell } from "../../coordinator/analysis/report-input.ts";
import { splitAtGap } from "../../shared/stats/largest-gap.ts";
import {
  files,
  findingsOf,
  inChartOrder,
  lengthOf,
  modeOf,
  msOf,
  readInput,
  socketWord,
  valueOf,
} from "./kit.ts";

const conflicting = [
  "tensorflow_onednn_eager",
  "intel_tensorflow_eager",
  "tensorflow_onednn_graph",
];

/** T(from)/T(to) of a knob for every mode, length and number of cores, from the interactions with placement. */
function effects(file: string, axis: string) {
  return findingsOf(readInput(file))
    .interactions.filter((found) => found.axis === axis && found.across === "placement")
    .flatMap(({ workload, fixed, from, to, effects: each }: Interaction) =>
      each.map(({ at, speedUp }) => ({
        mode: modeOf(workload, fixed),
        length: lengthOf(workload),
        cores: Number(/cores (\d+)/.exec(at)?.[1]),
        from,
        to,
        ratio: valueOf(speedUp),
      })),
    );
}

type Effect = ReturnType<typeof effects>[number];

function extreme(found: readonly Effect[], pick: (...values: number[]) => number) {
  const ratio = pick(...found.map((effect) => effect.ratio));
  const at = found.find((effect) => effect.ratio === ratio);
  return at === undefined ? [] : [ratio, at.mode, at.length, at.cores, at.to];
}

export function allocatorRatios() {
  const found = effects(files.allocators, "allocator").filter(({ from }) => from === "glibc");
  const ratioOf = (mode: string, length: number, cores: number, to: string): number =>
    found.find((e) => e.mode === mode && e.length === length && e.cores === cores && e.to === to)
      ?.ratio ?? Number.NaN;
  const places = found.filter(({ to, cores }) => to === "jemalloc" && cores >= 40);
  const rows = places.map(({ mode, length, cores, ratio }) => [
    mode,
    length,
    cores,
    ratio,
    ratioOf(mode, length, cores, "tcmalloc"),
  ]);
  const short = found.filter(
    ({ mode, length }) => (mode === "pytorch_eager" || mode === "torchscript") && length < 512,
  );
  const consistent = found.filter(({ mode }) => !conflicting.includes(mode));
  const eager = ratioOf("pytorch_eager", 512, 80, "jemalloc");
  const graph = ratioOf("torchscript", 512, 80, "jemalloc");
  const both = (some: readonly Effect[]) => ({
    min: extreme(some, Math.min),
    max: extreme(some, Math.max),
  });
  return {
    rows: inChartOrder(rows),
    pytorch_eager_512_80: eager,
    torchscript_512_80: graph,
    pytorch_and_torchscript_seq_32_128_all_cores: both(short),
    extremes_consistent_figures_all_cores: both(consistent),
    graph_mode_margin_exceeds_eager_at_512_80: graph > eager,
  };
}

/** All cores of one socket against all of both, as the facts compare them. */
function latencyVerdicts(file: string): readonly PlacementVerdict[] {
  const input = readInput(file);
  const full = input.cells.filter(({ cell }) => Number(cell["cores"]) >= 40);
  return findingsOf({ ...input, cells: full }).verdicts.filter(
    ({ objective }) => objective === "latency",
  );
}

/** What the values say under each value of a knob; nothing is decided without repeats. */
function leanings(file: string, axis: string) {
  return latencyVerdicts(file).flatMap(({ workload, bySetting }) => {
    const others = new Set(bySetting.map(({ setting }) => modeOf(workload, setting)));
    return [...others].map((mode) => {
      const own = bySetting.filter(({ setting }) => modeOf(workload, setting) === mode);
      return {
        mode,
        length: lengthOf(workload),
        conditional: decidingAxes(own, ({ leaning }) => leaning).includes(axis),
        decisions: own.map(({ decision }) => decision),
        by: own.map(({ setting, leaning, candidates }) => {
          const ms = (placement: string): number =>
            valueOf(candidates.find((c) => c.placement === placement)?.figure) / 1e6;
          const [one, both] = [ms("one-socket"), ms("all-sockets")];
          return { value: String(setting[axis]), word: socketWord(leaning), one, both };
        }),
      };
    });
  });
}

export function verdictsByAllocator() {
  const found = leanings(files.allocators, "allocator");
  const undecided = found.every(({ decisions }) => decisions.every((d) => d === "not-enough-data"));
  if (!undecided) throw new Error("a verdict without repeats");
  const rows = found.map(({ mode, length, conditional, by }) => {
    const words = by.map(({ word }) => word);
    const dependence = conditional ? "opposite" : new Set(words).size > 1 ? "tie_only" : "same";
    return [mode, length, ...words, dependence] as const;
  });
  const opposite = rows.filter((row) => row.at(-1) === "opposite").map(([m, l]) => [m, l] as const);
  const detail = (mode: string) =>
    Object.fromEntries(
      found
        .find((row) => row.mode === mode && row.length === 512)
        ?.by.map(({ value, one, both, word }) => [
          value,
          [Math.round(one), Math.round(both), both / one, word],
        ]) ?? [],
    );
  return {
    rows: inChartOrder(rows),
    opposite_cells: opposite.filter(([mode]) => !conflicting.includes(mode)),
    opposite_cells_in_conflicting_figures: opposite.filter(([mode]) => conflicting.includes(mode)),
    torchscript_512: detail("torchscript"),
    pytorch_eager_512: detail("pytorch_eager"),
  };
}

export function openmpGains() {
  const found = effects(files.openmp, "openmp");
  const cells = readInput(files.openmp).cells.map(({ cell }) => [modeOf(cell), lengthOf(cell)]);
  const keys = [...new Map(cells.map((key) => [key.join(), key])).values()];
  const gain = (mode: unknown, length: unknown, cores: number): number | null =>
    found.find((e) => e.mode === mode && e.length === length && e.cores === cores)?.ratio ?? null;
  const at80 = (mode: string) =>
    found.filter((e) => e.mode === mode && e.cores === 80).map(({ ratio }) => ratio);
  const range = (mode: string) => [Math.min(...at80(mode)), Math.max(...at80(mode))];
  const few = found
    .filter(({ cores }) => cores <= 4)
    .map((e) => ({ ...e, off: 100 * (Math.max(e.ratio, 1 / e.ratio) - 1) }))
    .sort((a, b) => b.off - a.off)[0];
  return {
    rows: keys.map(([mode, length]) => [
      mode,
      length,
      ...[1, 4, 16, 40, 80].map((cores) => gain(mode, length, cores)),
    ]),
    range_80_cores: { pytorch_eager: range("pytorch_eager"), torchscript: range("torchscript") },
    min: extreme(found, Math.min).slice(0, 4),
    max: extreme(found, Math.max).slice(0, 4),
    largest_deviation_1_and_4_cores_percent: [few?.off, few?.mode, few?.length, few?.cores],
    null_cells: readInput(files.openmp).cells.filter((cell) => msOf(cell) === null).length,
  };
}

export function verdictsByOpenmp() {
  const found = leanings(files.openmp, "openmp");
  const isMixed = ({ by }: (typeof found)[number]) => new Set(by.map(({ word }) => word)).size > 1;
  return {
    rows: found.flatMap(({ mode, length, by }) =>
      by.map(({ value, one, both, word }) => [
        mode,
        length,
        value,
        Math.round(one),
        Math.round(both),
        word,
      ]),
    ),
    cells_where_verdict_changes: found.filter(isMixed).map(({ mode, length }) => [mode, length]),
  };
}

export function bimodalSuspicion() {
  const full = ({ cell }: ReportCell) =>
    modeOf(cell) === "torchscript" &&
    cell["sequence_length"] === 512 &&
    Number(cell["cores"]) >= 40;
  const cells = readInput(files.openmp).cells.filter(full);
  const gap = splitAtGap(cells.flatMap((cell) => msOf(cell) ?? []));
  const reported = findingsOf(readInput(files.openmp)).anomalies.filter(
    ({ kind }) => kind === "bimodal",
  );
  if (reported.length !== 1) throw new Error(`${reported.length} suspicions of two states`);
  const odd = cells.filter((cell) => gap?.low.includes(msOf(cell) ?? 0));
  const others = readInput(files.allocators).cells.filter(
    (cell) => full(cell) && cell.cell["allocator"] !== "glibc",
  );
  return {
    cells: cells.map((cell) => [cell.cell["openmp"], cell.cell["cores"], msOf(cell)]),
    low: gap?.low,
    high: gap?.high,
    gap_factor: gap?.factor,
    odd_cell: odd.map(({ cell }) => [cell["openmp"], cell["cores"]]),
    other_allocators_40_80: others.flatMap((cell) => msOf(cell) ?? []).sort((a, b) => a - b),
    outcome: gap?.isSuspect === true ? "needs_repeats" : "one_state",
  };
}
