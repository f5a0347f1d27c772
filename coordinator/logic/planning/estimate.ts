import { type Cell, numberAxis, stringAxis } from "../../../shared/domain/cell.ts";
import type { Method } from "../../../shared/domain/method.ts";
import type { CallShape } from "./call-shapes.ts";
import type { CellGroup } from "./cell-groups.ts";

/** Layers, hidden size and millions of weights of the published encoders: https://arxiv.org/abs/1908.08962 */
const encoders: Readonly<
  Record<string, readonly [layers: number, hidden: number, millions: number]>
> = {
  "bert-tiny": [2, 128, 4.4],
  "bert-mini": [4, 256, 11.3],
  "bert-small": [4, 512, 29.1],
  "bert-medium": [8, 512, 41.7],
  "bert-base": [12, 768, 110],
  "bert-large": [24, 1024, 340],
};

/**
 * What nothing was measured for is assumed, in round numbers, and said so in the basis: products per
 * second of one AVX2-class core, how much of each doubling of cores arrives, how long a process takes
 * to start, and how long a model takes to load.
 */
const assumed = {
  coreFlops: 40e9,
  int8Factor: 2,
  scalingExponent: 0.8,
  startSeconds: 0.7,
  /** Where a launch waits for a quiet host: one look, on a host that is. */
  quietLookSeconds: 1,
  loadSecondsPerMillionWeights: 0.02,
  /** Stability is tested over two windows, so that warm-up takes about as long as measuring. */
  warmupShare: 0.5,
} as const;

export const estimateBasis =
  "estimated from a model, with nothing measured: 40 GFLOP/s for one core, the 0.8th power of cores, 0.7 s for a process start, the fewest launches";

/** Seconds that a group takes: its launches, each with a start and every cell's warm-up and calls. */
export function estimateGroup(group: CellGroup, method: Method): number {
  const cell: Cell = { ...group.runner.cell, ...group.row.axes };
  const cores = group.row.resolved.instances[0]?.pus.length ?? 1;
  const start = startSeconds(cell) + (method.noise === "wait" ? assumed.quietLookSeconds : 0);
  const perLaunch = group.calls.reduce(
    (sum, call) => sum + secondsOfCell(callSeconds(cell, call, cores), method),
    method.isolation === "grouped" ? start : start * group.calls.length,
  );
  return perLaunch * method.minLaunches;
}

/** Nothing to compute and to load for a model that is not known: only the phases' own lengths count. */
function encoderOf(cell: Cell): readonly [layers: number, hidden: number, millions: number] {
  const model = stringAxis(cell, "model") ?? "";
  return (Object.hasOwn(encoders, model) ? encoders[model] : undefined) ?? [0, 0, 0];
}

function startSeconds(cell: Cell): number {
  const millions = encoderOf(cell)[2];
  return assumed.startSeconds + millions * assumed.loadSecondsPerMillionWeights;
}

function secondsOfCell(call: number, method: Method): number {
  const wanted = Math.max(method.minSeconds, method.minCalls * call);
  const timed = Math.min(wanted, Math.max(method.maxSeconds, call));
  const warmup = Math.min(method.warmupMaxSeconds, Math.max(timed * assumed.warmupShare, call));
  return timed + warmup;
}

/**
 * Seconds of one call. Multiply-adds of an encoder count twice: 24·H² for the products with weights
 * and 4·S·H for attention, per token and layer.
 */
function callSeconds(cell: Cell, call: CallShape, cores: number): number {
  const [layers, hidden] = encoderOf(cell);
  const tokens = call.batch * call.sequence;
  const operations = layers * tokens * (24 * hidden * hidden + 4 * call.sequence * hidden);
  const factor = stringAxis(cell, "dtype") === "int8" ? assumed.int8Factor : 1;
  const threads = numberAxis(cell, "cores") ?? cores;
  return operations / (assumed.coreFlops * factor * threads ** assumed.scalingExponent);
}
