import { canonicalCell, type Digest } from "../../shared/domain/cell.ts";
import { callAxes } from "../../shared/domain/runner-declaration.ts";
import type { CellGroup } from "./planning/cell-groups.ts";
import { distribute } from "./planning/distribute.ts";
import { estimateBasis, estimateGroup } from "./planning/estimate.ts";
import { makeShards, packShards } from "./planning/make-shards.ts";
import { type HostOutline, outlineHost, planLimits, tooLarge } from "./planning/outline-host.ts";
import type {
  HostPlan,
  PlannedPlacement,
  PlanningHost,
  ShardPlan,
  SweepPlan,
  UnmatchedHost,
} from "./sweep-plan.ts";
import type { SweepSpec } from "./sweep-spec.ts";

/** A plan whose shards are made when they are read, for plans of many cells. */
export interface SweepOutline {
  readonly name: string;
  readonly method: SweepSpec["method"];
  readonly hosts: readonly OutlinedHost[];
  readonly unmatched: readonly UnmatchedHost[];
}

export interface OutlinedHost extends Omit<HostPlan, "shards"> {
  /** Cells of the host's product as written, before rules took some out. */
  readonly written: number;
  readonly cellCount: number;
  /** How many of them are visits of canaries. */
  readonly canaryCells: number;
  /** Process starts that the fewest launches come to, over all instances' launches. */
  readonly launchCount: number;
  readonly groupCount: number;
  shards(): Generator<ShardPlan>;
}

/**
 * What a sweep would run, exactly: pure, and the same on every machine whatever the order of hosts.
 * @throws FleetsweepError sweep.invalid where the matrix is larger than a plan may be.
 */
export function planSweep(
  spec: SweepSpec,
  hosts: readonly PlanningHost[],
  digest: Digest,
): SweepPlan {
  const outline = outlineSweep(spec, hosts, digest);
  return {
    name: outline.name,
    method: outline.method,
    unmatched: outline.unmatched,
    hosts: outline.hosts.map((host) => ({
      hostId: host.hostId,
      shards: [...host.shards()],
      pruned: host.pruned,
      placements: host.placements,
      estimatedSeconds: host.estimatedSeconds,
      estimateBasis: host.estimateBasis,
    })),
  };
}

/** {@link planSweep} without its cells: they are made one shard at a time. */
export function outlineSweep(
  spec: SweepSpec,
  hosts: readonly PlanningHost[],
  digest: Digest,
): SweepOutline {
  const ordered = [...hosts].sort((a, b) => (a.hostId < b.hostId ? -1 : 1));
  const outlines = ordered.map((host) => outlineHost(spec, host));
  const matched = outlines.filter((outline) => "groups" in outline);
  const shared = distribute(matched, spec);
  const planned = shared.map((outline, index) =>
    toOutlinedHost(outline, index + 1, { spec, digest }),
  );
  const cells = planned.reduce((sum, host) => sum + host.cellCount, 0);
  if (cells > planLimits.cells) throw tooLarge();
  return {
    name: spec.name,
    method: spec.method,
    hosts: planned,
    unmatched: outlines.filter((outline) => "reason" in outline),
  };
}

function toOutlinedHost(
  outline: HostOutline,
  hostNumber: number,
  context: { readonly spec: SweepSpec; readonly digest: Digest },
): OutlinedHost {
  const { groups, canaries, pruned, written, host } = outline;
  const { spec } = context;
  const { method } = spec;
  const visits =
    canaries.length === 0
      ? 0
      : packShards(outline, spec).reduce((sum, { visits: own }) => sum + own, 0);
  const seconds = (some: readonly CellGroup[]): number =>
    some.reduce((sum, group) => sum + estimateGroup(group, method), 0);
  const visitCount = visits * canaries.length;
  const matrixCells = groups.reduce((sum, group) => sum + group.calls.length, 0);
  const starts =
    (method.isolation === "grouped" ? countProcesses(groups) : matrixCells) + visitCount;
  return {
    hostId: host.hostId,
    written,
    pruned,
    cellCount: matrixCells + visitCount,
    canaryCells: visitCount,
    groupCount: groups.length,
    launchCount: starts * method.minLaunches,
    placements: placementsOf(outline),
    estimatedSeconds: seconds(groups) + visits * seconds(canaries),
    estimateBasis,
    shards: () => makeShards(outline, hostNumber, context),
  };
}

/** Processes that serve all groups: arrivals make groups of their own, and vary from call to call. */
function countProcesses(groups: readonly CellGroup[]): number {
  if (groups.every(({ runner }) => runner.cell["arrival"] === undefined)) return groups.length;
  const keys = groups.map(({ runner: { cell, declaration }, row }) => {
    const fixed = Object.entries({ ...cell, ...row.axes }).filter(
      ([axis]) => !callAxes.includes(axis),
    );
    return `${canonicalCell(Object.fromEntries(fixed))} ${declaration.version}`;
  });
  return new Set(keys).size;
}

/** Each distinct placement of the host's cells, in the order of the plan. */
function placementsOf(outline: HostOutline): readonly PlannedPlacement[] {
  const placements = new Map<string, PlannedPlacement>();
  for (const { row } of [...outline.groups, ...outline.canaries]) {
    const label = Object.entries(row.axes)
      .map(([name, value]) => `${name}=${value}`)
      .join(" ");
    if (!placements.has(label)) placements.set(label, { label, resolved: row.resolved });
  }
  return [...placements.values()];
}
