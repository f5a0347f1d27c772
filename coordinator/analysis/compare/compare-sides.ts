import type { Cell } from "../../../shared/domain/cell.ts";
import { groupBy } from "../../../shared/domain/group-by.ts";
import { finishSteps, flatMapSteps, type Steps } from "../../../shared/domain/steps.ts";
import { difference, logRatio } from "../../../shared/stats/log-estimate.ts";
import { type Comparison, comparisonSchema, type SideSummary } from "../comparison.ts";
import type { AnalysedCell } from "../findings/analysed-cell.ts";
import { valuesFor } from "../findings/scoped-cells.ts";
import { onlyAxes } from "../findings/split-cell.ts";
import type { Objective } from "../metric.ts";
import type { ReportInput } from "../report-input.ts";
import { compareCanaries } from "./compare-canaries.ts";
import { falseDiscoveryRate, judgeSteps, meanOver, pairsAStep } from "./judge-cells.ts";
import { countChanges, judgeOutcome } from "./outcome.ts";
import { axisMeanSteps, meanRatio, type RatioOfCells } from "./ratio-means.ts";
import { allVersions, type SideRequest, selectionSteps } from "./side.ts";

export interface ComparisonRequest {
  readonly a: SideRequest;
  readonly b: SideRequest;
  readonly objective: Objective;
  /** Differences within it are no change: 0.01 is 1 %. */
  readonly margin: number;
}

/**
 * Compares two sets of cells, cell by cell. Axes that a filter of either side names are not compared: they
 * are what the sides differ in. Launches pair where both ran in one sweep on one host.
 * @throws FleetsweepError config.invalid where a side has no cells, or the sides have none in common.
 */
export function compareSides(inputs: ComparedInputs, request: ComparisonRequest): Comparison {
  return finishSteps(comparisonSteps(inputs, request));
}

export interface ComparedInputs {
  readonly a: ReportInput;
  readonly b: ReportInput;
}

/** {@link compareSides} in steps: those of large sweeps take as long as many heartbeats. */
export function* comparisonSteps(
  inputs: ComparedInputs,
  request: ComparisonRequest,
): Steps<Comparison> {
  const sides = {
    a: yield* selectionSteps(inputs.a, request.a),
    b: yield* selectionSteps(inputs.b, request.b),
  };
  const named = new Set([...request.a.filters, ...request.b.filters].map(([name]) => name));
  const ofHosts = !named.has("host") && !named.has("class");
  const hostIds = new Set(sides.b.map(({ hostId }) => hostId));
  const keyOf = keyCells(named, ofHosts);
  const groups = { a: groupBy(sides.a, keyOf), b: groupBy(sides.b, keyOf) };
  yield;
  const sameSweep = request.a.sweepId === request.b.sweepId;
  const pairing = { ...request, ofHosts, sameSweep };
  const pairs = yield* flatMapSteps([...groups.a], pairsAStep, ([key, left]) => {
    const right = groups.b.get(key);
    const pair = right === undefined ? null : pairUp(left, right, pairing);
    return pair === null ? [] : [pair];
  });
  const cells = yield* judgeSteps(pairs, request);
  return {
    schema: comparisonSchema,
    a: summarize(inputs.a, request.a, sides.a),
    b: summarize(inputs.b, request.b, sides.b),
    objective: request.objective,
    margin: request.margin,
    falseDiscoveryRate,
    outcome: judgeOutcome(cells),
    counts: countChanges(cells),
    onlyA: [...groups.a.keys()].filter((key) => !groups.b.has(key)).length,
    onlyB: [...groups.b.keys()].filter((key) => !groups.a.has(key)).length,
    mean: meanRatio(pairs),
    means: yield* axisMeanSteps(pairs),
    canaries: compareCanaries(inputs, request).filter(({ hostId }) => hostIds.has(hostId)),
    cells: [...cells].sort((x, y) => (y.ratio.value ?? 0) - (x.ratio.value ?? 0)),
  };
}

/** Equal for cells that are compared: the axes in the order of their names, without those that the sides differ in. */
function keyCells(named: ReadonlySet<string>, ofHosts: boolean): (cell: AnalysedCell) => string {
  // Cells of several hosts are one object.
  const known = new Map<Cell, string>();
  return ({ hostId, cell }) => {
    const text = known.get(cell) ?? JSON.stringify(onlyAxes(cell, (name) => !named.has(name)));
    known.set(cell, text);
    return ofHosts ? `${hostId}\n${text}` : text;
  };
}

function summarize(
  { sweep }: ReportInput,
  { label }: SideRequest,
  cells: readonly AnalysedCell[],
): SideSummary {
  return {
    label,
    sweepId: sweep.sweepId,
    name: sweep.name,
    hostIds: [...new Set(cells.map(({ hostId }) => hostId))],
    versions: allVersions(cells),
  };
}

interface Pairing {
  readonly objective: Objective;
  readonly ofHosts: boolean;
  readonly sameSweep: boolean;
}

/** Null where a side was not measured. */
function pairUp(
  left: readonly AnalysedCell[],
  right: readonly AnalysedCell[],
  { objective, ofHosts, sameSweep }: Pairing,
): RatioOfCells | null {
  const [one, other] = [left[0], right[0]];
  const a = meanOver(left, objective);
  const b = meanOver(right, objective);
  if (one === undefined || other === undefined || a === null || b === null) return null;
  const alone = left.length === 1 && right.length === 1;
  const paired = sameSweep && alone && one.hostId === other.hostId;
  const plain = paired
    ? logRatio(valuesFor(objective, other), valuesFor(objective, one))
    : difference(b, a);
  if (plain === null) return null;
  const sign = objective === "latency" ? 1 : -1;
  return {
    hostId: ofHosts ? one.hostId : null,
    cell: one.cell,
    cellIds: [one.cellId, other.cellId],
    a,
    b,
    ratio: { ...plain, mean: sign * plain.mean },
    paired,
  };
}
