import { findAxis } from "../../../shared/domain/axis.ts";
import type { Cell } from "../../../shared/domain/cell.ts";
import { groupBy } from "../../../shared/domain/group-by.ts";
import type { HostCores } from "../../../shared/domain/host-cores.ts";
import { resolveOn } from "../../../shared/domain/resolve-placement.ts";
import { settingsLines } from "../../../shared/domain/settings-line.ts";
import { finishSteps, flatMapSteps, type Steps } from "../../../shared/domain/steps.ts";
import { countOf } from "../../../shared/domain/text-layout.ts";
import {
  type ByLaunch,
  bounds,
  type LogEstimate,
  launchMean,
  logRatio,
} from "../../../shared/stats/log-estimate.ts";
import { analysisSteps, numberObjects } from "../findings/analysed-cell.ts";
import { measureOf, toMetric } from "../findings/metric.ts";
import type { PlacedCell } from "../findings/select-cells.ts";
import { defaultMargin } from "../margin.ts";
import type { Metric, Unit } from "../metric.ts";
import {
  type Choice,
  type Recommendation,
  type Recommendations,
  recommendationSchema,
} from "../recommendation.ts";
import type { ReportInput } from "../report-input.ts";
import { confirmationFile } from "./confirmation-file.ts";
import type { Goal } from "./goal.ts";

/** The best cell of every workload on every host for a goal, and how sure that is. */
export function recommend(input: ReportInput, goal: Goal, margin = defaultMargin): Recommendations {
  return finishSteps(recommendationSteps(input, goal, margin));
}

/** Workloads that one step takes. */
const workloadsAStep = 50;

/** {@link recommend} in steps. */
export function* recommendationSteps(
  input: ReportInput,
  goal: Goal,
  margin: number,
): Steps<Recommendations> {
  const hosts = new Map(input.hosts.map((host) => [host.hostId, host]));
  const cells = yield* analysisSteps(input);
  const placed = cells.filter(
    (cell): cell is PlacedCell => cell.layout !== null && !cell.layout.remoteMemory,
  );
  const numberOf = numberObjects();
  const groups = groupBy(placed, ({ hostId, workload }) => `${hostId} ${numberOf(workload)}`);
  const items = yield* flatMapSteps([...groups.values()], workloadsAStep, (same) => {
    const [first] = same;
    const own = hosts.get(first?.hostId ?? "")?.parameterDefaults[String(first?.cell["runner"])];
    return [recommendOne(same, { goal, margin, own: own ?? {} })];
  });
  return {
    schema: recommendationSchema,
    sweepId: input.sweep.sweepId,
    objective: goal.text,
    items: items.map((item): Recommendation => {
      const host = hosts.get(item.hostId)?.cores ?? null;
      const commands =
        host === null || item.winner === null ? [] : launchCommands(host, item.winner.cell);
      return { ...item, commands };
    }),
    confirmation: confirmationFile(input.sweep.name, items),
  };
}

function launchCommands(host: HostCores, cell: Cell): readonly string[] {
  const placement = resolveOn(host, cell);
  return "refused" in placement ? [] : settingsLines(cell, placement);
}

interface Question {
  readonly goal: Goal;
  readonly margin: number;
  /** What the runner takes for its own parameters where a file names none. */
  readonly own: Cell;
}

function recommendOne(
  cells: readonly PlacedCell[],
  { goal, margin, own }: Question,
): Omit<Recommendation, "commands"> {
  const [first] = cells;
  const identity = { hostId: first?.hostId ?? "", workload: first?.workload ?? {} };
  const measured = cells.filter(({ latencyNs }) => latencyNs.size > 0);
  const able = measured
    .filter((cell) => goal.refuses(cell) === null)
    .flatMap((cell) => {
      const mean = launchMean(goal.values(cell));
      return mean === null ? [] : [{ cell, mean: goal.sign * mean.mean }];
    })
    .sort((a, b) => b.mean - a.mean);
  const outOfBox = findBaseline(measured, own);
  const baseline = outOfBox === undefined ? null : toChoice(outOfBox, goal);
  const best = able[0]?.cell;
  if (best === undefined) {
    const gain: Metric = { value: null, reason: "no cell meets the goal", unit: "ratio" };
    return {
      ...identity,
      winner: null,
      reason: explainNone(measured, goal),
      tied: [],
      baseline,
      gain,
    };
  }
  const tied = able
    .slice(1)
    .filter(({ cell }) => !(leastGain(cell, best, goal) > Math.log1p(margin)));
  return {
    ...identity,
    winner: toChoice(best, goal),
    reason: describeRivals(able.length - 1, tied.length),
    tied: tied.map(({ cell }) => toChoice(cell, goal)),
    baseline,
    gain: gainOver(best, outOfBox, goal),
  };
}

function describeRivals(others: number, tied: number): string {
  if (others === 0) return "no other cell to choose from";
  if (tied === 0) return `better than ${countOf(others, "other cell")}`;
  return `${tied} of ${countOf(others, "other cell")} not certainly worse`;
}

/** All refusals end alike; the commonest says most. */
function explainNone(cells: readonly PlacedCell[], goal: Goal): string {
  if (cells.length === 0) return "nothing was measured";
  const reasons = cells.flatMap((cell) => goal.refuses(cell) ?? []);
  return `none of ${countOf(cells.length, "cell")} keeps ${goal.text}; the first: ${reasons[0] ?? "unknown"}`;
}

function toChoice(cell: PlacedCell, goal: Goal): Choice {
  const show = (values: ByLaunch, unit: Unit): Metric =>
    toMetric(measureOf(launchMean(values), Math.exp, "no launch can be used"), unit);
  return {
    cell: cell.cell,
    cellId: cell.cellId,
    figure: show(goal.values(cell), goal.unit),
    latencyNs: show(cell.latencyNs, "ns"),
    samplesPerSecond: show(cell.samplesPerSecond, "samples/s"),
  };
}

/** By how much the best is better at least, as a logarithm; without an interval nothing is certain. */
function leastGain(cell: PlacedCell, best: PlacedCell, goal: Goal): number {
  const ratio = betterBy(best, cell, goal);
  const reach = ratio === null ? null : bounds(ratio);
  return reach?.low ?? Number.NEGATIVE_INFINITY;
}

function betterBy(a: PlacedCell, b: PlacedCell, goal: Goal): LogEstimate | null {
  const ratio = logRatio(goal.values(a), goal.values(b));
  return ratio === null ? null : { ...ratio, mean: goal.sign * ratio.mean };
}

function gainOver(best: PlacedCell, baseline: PlacedCell | undefined, goal: Goal): Metric {
  if (baseline === undefined) {
    const reason =
      "out of the box was not measured: add `baselines: [out-of-the-box]` to the sweep";
    return { value: null, reason, unit: "ratio" };
  }
  if (best === baseline)
    return { value: 1, low: 1, high: 1, n: best.latencyNs.size, unit: "ratio" };
  const ratio = betterBy(best, baseline, goal);
  return toMetric(measureOf(ratio, Math.exp, "no launches of both can be used"), "ratio");
}

/**
 * As the planner defines it: one socket with all its threads, where there are several, and no knob touched. Of
 * the runner's own parameters as few are off their defaults as were measured: a file may hold one fixed for all.
 */
function findBaseline(cells: readonly PlacedCell[], own: Cell): PlacedCell | undefined {
  const plain = cells.filter(
    ({ layout, cell }) =>
      layout.instances === 1 &&
      layout.packages.length === 1 &&
      layout.fillsPackages &&
      layout.memoryPolicy === "local" &&
      Object.entries(cell).every(([name, value]) => isDefault(name, value)),
  );
  const rank = ({ layout, cell }: PlacedCell): number =>
    (layout.smt ? 0 : 1) +
    (cell["dtype"] === undefined || cell["dtype"] === "fp32" ? 0 : 2) +
    4 * Object.keys(own).filter((name) => name in cell && cell[name] !== own[name]).length;
  return [...plain].sort((a, b) => rank(a) - rank(b))[0];
}

function isDefault(name: string, value: unknown): boolean {
  const axis = findAxis(name);
  return axis?.kind !== "knob" || value === axis.fallback;
}
