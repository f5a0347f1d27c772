import type { PlacementVerdict, Study } from "../../coordinator/analysis/findings.ts";
import { labelRatio } from "../../coordinator/published/label-rounding.ts";
import {
  files,
  findingsOf,
  inChartOrder,
  lengthOf,
  metricOf,
  modeOf,
  msOf,
  readDocument,
  readInput,
  socketWord,
  valueOf,
} from "./kit.ts";

const input = () => readInput(files.scaling);

function latencyVerdicts(): readonly PlacementVerdict[] {
  return findingsOf(input()).verdicts.filter(({ objective }) => objective === "latency");
}

/** Verdict, mode, length, ms on one and on both sockets of every workload and setting. */
function socketRows() {
  return latencyVerdicts().flatMap(({ workload, bySetting }) =>
    bySetting.map(({ setting, decision, leaning, candidates }) => {
      const ms = (placement: string): number => {
        const figure = candidates.find((found) => found.placement === placement)?.figure;
        return valueOf(figure) / 1e6;
      };
      return {
        mode: modeOf(workload, setting),
        length: lengthOf(workload),
        decision,
        word: socketWord(leaning),
        one: Math.round(ms("one-socket")),
        both: Math.round(ms("all-sockets")),
      };
    }),
  );
}

export function socketVerdictCounts() {
  const rows = socketRows();
  const of = (word: string) => rows.filter((row) => row.word === word);
  const cells = (word: string) =>
    of(word).map(({ mode, length, one, both }) => [mode, length, one, both]);
  const notLost = [...of("two_sockets"), ...of("tie")].map(({ length }) => length);
  // Without repeats no verdict of the product is anything but this.
  const decisions = new Set(rows.map(({ decision }) => decision));
  if ([...decisions].join() !== "not-enough-data") throw new Error([...decisions].join());
  return {
    comparisons: rows.length,
    two_sockets: of("two_sockets").length,
    tie: of("tie").length,
    one_socket: of("one_socket").length,
    two_sockets_cells: cells("two_sockets"),
    tie_cells: cells("tie"),
    sequence_lengths_of_wins_and_ties: [...new Set(notLost)].sort((a, b) => a - b),
  };
}

export function crossSocketRatios() {
  const rows = socketRows().map(({ mode, length, word, one, both }) => {
    const { ratio, low, high, resolved } = labelRatio(both, one, 1);
    const percent = Math.sign(ratio - 1) * Math.round(Math.abs(100 * (ratio - 1)) + 1e-9);
    return [mode, length, ratio, percent, low, high, word, resolved];
  });
  const unresolved = rows.filter((row) => row[7] === false).map(([mode, length]) => [mode, length]);
  const sorted = [...rows].sort((a, b) => Number(a[2]) - Number(b[2]));
  const [least, largest] = [sorted[0], sorted.at(-1)];
  return {
    rows: inChartOrder(rows),
    unresolved_count: unresolved.length,
    unresolved_cells: unresolved,
    max_ratio: [largest?.[2], largest?.[0], largest?.[1]],
    min_ratio: [least?.[2], least?.[0], least?.[1]],
  };
}

function studies(): readonly Study[] {
  return findingsOf(input()).studies;
}

/** Relative to one core only: where that is missing, nothing is imputed. */
export function speedUps() {
  const rows = studies().map(({ workload, setting, curve, baseCores }) => {
    const point = curve.find(({ cores }) => cores === 40);
    const known = baseCores === 1 && point !== undefined;
    return [
      modeOf(workload, setting),
      lengthOf(workload),
      known ? valueOf(point.speedUp) : null,
      known ? valueOf(point.efficiency) : null,
    ];
  });
  return {
    rows,
    null_rows: rows.filter((row) => row[2] === null).map(([mode, length]) => [mode, length]),
  };
}

export function perCoreRates() {
  return {
    rows: studies().map((study) => [
      modeOf(study.workload, study.setting),
      lengthOf(study.workload),
      valueOf(metricOf(study, "across-socket-speed-up")) / 2,
    ]),
  };
}

export function bestCores() {
  const rows = studies().map(({ workload, setting, curve }) => {
    const least = Math.min(...curve.map(({ latencyNs }) => valueOf(latencyNs)));
    const cores = curve.filter(({ latencyNs }) => latencyNs.value === least).map((p) => p.cores);
    return [modeOf(workload, setting), lengthOf(workload), Math.round(least / 1e6), cores] as const;
  });
  return {
    rows,
    best_at_80_or_tied: rows.filter(([, , , cores]) => cores.includes(80)).length,
    best_at_16_or_fewer: rows.filter(([, , , cores]) => Math.min(...cores) <= 16).length,
  };
}

export function coreMonotonicity() {
  const found = findingsOf(input());
  const inside = found.studies.flatMap(({ curve }) =>
    curve
      .filter(({ packages }) => packages === 1)
      .flatMap(({ marginalEfficiency: step, cores }) => ((step.value ?? 0) < 0 ? [cores] : [])),
  );
  const slower = found.studies.filter(
    (study) => valueOf(metricOf(study, "across-socket-speed-up")) < 1,
  );
  return { within_one_socket: inside, count_40_to_80: slower.length };
}

export function rowsAndGaps() {
  const counts: Record<string, number> = {};
  for (const file of [files.scaling, files.allocators, files.openmp, files.tuning]) {
    counts[file] = readDocument(file).tables[0]?.rows.length ?? 0;
  }
  for (const { name, rows } of readDocument(files.part1).tables) {
    counts[`${files.part1}#${name}`] = rows.length;
  }
  const gaps = (file: string, knob?: string) =>
    readInput(file)
      .cells.filter((cell) => msOf(cell) === null)
      .map(({ cell }) => [
        modeOf(cell),
        lengthOf(cell),
        cell["cores"],
        ...(knob === undefined ? [] : [cell[knob]]),
      ]);
  return {
    rows: counts,
    null_cells: {
      [files.scaling]: gaps(files.scaling),
      [files.allocators]: gaps(files.allocators, "allocator"),
      [files.openmp]: gaps(files.openmp, "openmp"),
    },
  };
}
