import { groupBy } from "../../../shared/domain/group-by.ts";
import { difference, logRatio } from "../../../shared/stats/log-estimate.ts";
import { type Comparison, comparisonSchema, type SideSummary } from "../comparison.ts";
import type { AnalysedCell } from "../findings/analysed-cell.ts";
import { valuesFor } from "../findings/scoped-cells.ts";
import { onlyAxes } from "../findings/split-cell.ts";
import type { Objective } from "../findings.ts";
import type { ReportInput } from "../report-input.ts";
import { falseDiscoveryRate, judgeCells, meanOver } from "./judge-cells.ts";
import { countChanges, judgeOutcome } from "./outcome.ts";
import { meanRatio, meansByAxis, type RatioOfCells } from "./ratio-means.ts";
import { allVersions, type SideRequest, selectCells } from "./side.ts";

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
export function compareSides(
  inputs: { readonly a: ReportInput; readonly b: ReportInput },
  request: ComparisonRequest,
): Comparison {
  const sides = { a: selectCells(inputs.a, request.a), b: selectCells(inputs.b, request.b) };
  const named = new Set([...request.a.filters, ...request.b.filters].map(([name]) => name));
  const ofHosts = !named.has("host") && !named.has("class");
  const keyOf = ({ hostId, cell }: AnalysedCell): string =>
    JSON.stringify([ofHosts ? hostId : null, onlyAxes(cell, (name) => !named.has(name))]);
  const groups = { a: groupBy(sides.a, keyOf), b: groupBy(sides.b, keyOf) };
  const sameSweep = request.a.sweepId === request.b.sweepId;
  const pairs = [...groups.a].flatMap(([key, left]) => {
    const right = groups.b.get(key);
    return right === undefined
      ? []
      : (pairUp(left, right, { ...request, ofHosts, sameSweep }) ?? []);
  });
  const cells = judgeCells(pairs, request);
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
    means: meansByAxis(pairs),
    cells: [...cells].sort((x, y) => (y.ratio.value ?? 0) - (x.ratio.value ?? 0)),
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
