import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { type HostCores, usableCores } from "../../../shared/domain/host-cores.ts";
import type { PlanningHost, PrunedCells, UnmatchedHost } from "../sweep-plan.ts";
import type { Matrix, SweepSpec } from "../sweep-spec.ts";
import { baselineMatrix } from "./baselines.ts";
import { callShapes, onRoute } from "./call-shapes.ts";
import { type CellGroup, GroupCollector } from "./cell-groups.ts";
import { refuseHost } from "./host-match.ts";
import { type PlacementRow, placementRows } from "./placement-rows.ts";
import { PruneTally } from "./prune-tally.ts";
import { runnerCells } from "./runner-cells.ts";

/** Bounds of a plan: three times the published space of 645,120 cells, and every core count of the largest host. */
export const planLimits = { cells: 2_000_000, placements: 8_192 } as const;

/** What a host would measure, cell groups instead of cells. */
export interface HostOutline {
  readonly host: PlanningHost;
  readonly groups: readonly CellGroup[];
  /** Of one cell each; see canary-visits.ts for when they are measured. */
  readonly canaries: readonly CellGroup[];
  /** Other hosts that may take shards over; see distribute.ts. */
  readonly movableTo: readonly string[];
  readonly pruned: readonly PrunedCells[];
  /** Cells of the product as written, before any rule. */
  readonly written: number;
}

/** @throws FleetsweepError sweep.invalid where the product is larger than {@link planLimits}. */
export function outlineHost(spec: SweepSpec, host: PlanningHost): HostOutline | UnmatchedHost {
  const refused = refuseHost(host, spec.hosts);
  const { hostId } = host;
  if (refused !== null) return { hostId, reason: refused, axis: "where" };
  const cores = usableCores(host.topology);
  if ("refused" in cores) return { hostId, reason: cores.refused, axis: null };
  const tally = new PruneTally();
  const collector = new GroupCollector(spec, host, tally);
  let written = 0;
  for (const { matrix, rows } of withRows(spec, cores)) {
    written += collectMatrix({ matrix, rows, host, collector, tally, written });
  }
  const canaries = collectCanaries(spec, host, cores);
  const pruned = [...tally.toList(), ...canaries.pruned];
  const found = { groups: collector.toList(), canaries: canaries.groups, pruned };
  const outline = { host, movableTo: [], written, ...found };
  if (outline.groups.length > 0) return outline;
  return { hostId, ...explainEmpty(outline.pruned) };
}

/** The canaries that the host can run; constraints and shared batches are for the matrix. */
function collectCanaries(
  spec: SweepSpec,
  host: PlanningHost,
  cores: HostCores,
): { readonly groups: readonly CellGroup[]; readonly pruned: readonly PrunedCells[] } {
  const tally = new PruneTally();
  const plain = { ...spec, constraints: [], splitBatch: false };
  const collector = new GroupCollector(plain, host, tally);
  for (const matrix of spec.canaries?.matrices ?? []) {
    const rows = placementRows(cores, matrix, planLimits.placements);
    collectMatrix({ matrix, rows, host, collector, tally, written: 0 });
  }
  const groups = collector
    .toList()
    .flatMap((group) => group.calls.map((call) => ({ ...group, calls: [call] })));
  const pruned = tally.toList().map((entry) => ({ ...entry, reason: `canary: ${entry.reason}` }));
  return { groups, pruned };
}

interface MatrixRows {
  readonly matrix: Matrix;
  readonly rows: readonly PlacementRow[];
}

function withRows(spec: SweepSpec, cores: HostCores): readonly MatrixRows[] {
  const [main] = spec.matrices;
  const baselines =
    main === undefined ? [] : spec.baselines.map((name) => baselineMatrix(name, main, cores));
  return [...spec.matrices, ...baselines].map((matrix) => ({
    matrix,
    rows: placementRows(cores, matrix, planLimits.placements),
  }));
}

interface MatrixWork extends MatrixRows {
  readonly host: PlanningHost;
  readonly collector: GroupCollector;
  readonly tally: PruneTally;
  /** Cells of the matrices before this one. */
  readonly written: number;
}

/** Collects one matrix and returns the size of its product as written. */
function collectMatrix({ matrix, rows, host, collector, tally, written }: MatrixWork): number {
  const calls = callShapes(matrix, planLimits.cells);
  if (calls === null) throw tooLarge();
  const perRow = rows.map((row) => onRoute(calls, row.route));
  const weight = perRow.reduce((sum, some) => sum + some.length, 0);
  const most = weight === 0 ? Number.POSITIVE_INFINITY : (planLimits.cells - written) / weight;
  const runners = runnerCells(matrix, host.runners, { tally, weight, most });
  if (runners === null) throw tooLarge();
  for (const runner of runners.cells) {
    rows.forEach((row, index) => collector.add(runner, row, perRow[index] ?? []));
  }
  return runners.written * weight;
}

/** The error of a product that no plan should hold. */
export function tooLarge(): FleetsweepError {
  const limit = planLimits.cells.toLocaleString("en-US");
  return new FleetsweepError(
    "sweep.invalid",
    `the matrix has more than ${limit} cells: take values out, or share it out over several sweeps`,
  );
}

/** The commonest reasons why nothing is left, and what the first of them blames. */
function explainEmpty(pruned: readonly PrunedCells[]): Omit<UnmatchedHost, "hostId"> {
  const worst = [...pruned].sort((a, b) => b.count - a.count).slice(0, 3);
  const reasons = worst.map((entry) => entry.reason).join("; ");
  const reason = reasons === "" ? "no cell is left to measure" : `no cell can run here: ${reasons}`;
  return { reason, axis: worst[0]?.axis ?? null };
}
