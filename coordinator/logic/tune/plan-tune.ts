import type { Digest } from "../../../shared/domain/cell.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { usableCores } from "../../../shared/domain/host-cores.ts";
import type { PlannedCell } from "../../../shared/domain/log-event.ts";
import type { Topology } from "../../../shared/domain/topology.ts";
import type { TunePlan, TuneSettings } from "../../../shared/domain/tune.ts";
import { firstValues } from "../first-values.ts";
import { outlineSweep, type SweepOutline } from "../plan-sweep.ts";
import { baselineMatrix } from "../planning/baselines.ts";
import { hostClassKey } from "../planning/host-class.ts";
import type { PlanningHost } from "../sweep-plan.ts";
import type { SweepSpec } from "../sweep-spec.ts";

/** A model of more configurations takes seconds a suggestion; the published space has 1,440. */
const maxCandidates = 4_096;

/** What a tune chooses from, and where. */
export interface PlannedTune {
  readonly plan: TunePlan;
  readonly candidates: readonly PlannedCell[];
  readonly untuned: PlannedCell;
  readonly outline: SweepOutline;
}

/**
 * The space of a tune on the class with the most matching hosts: equal work once, as in any plan.
 * @throws FleetsweepError sweep.invalid, sweep.unplaceable.
 */
export function planTune(
  spec: SweepSpec,
  settings: TuneSettings,
  hosts: readonly PlanningHost[],
  digest: Digest,
): PlannedTune {
  const everyHost = { ...spec, hosts: { ...spec.hosts, distribute: "replicate" as const } };
  const outline = outlineSweep({ ...everyHost, baselines: [], canaries: null }, hosts, digest);
  const members = largestClass(outline, hosts).slice(0, settings.hosts);
  const [first] = members;
  if (first === undefined) throw new FleetsweepError("sweep.unplaceable", describeNothing(outline));
  const planned = outline.hosts.find(({ hostId }) => hostId === first.hostId);
  if (planned !== undefined && planned.cellCount > maxCandidates) throw tooMany(planned.cellCount);
  const candidates = [...(planned?.shards() ?? [])].flatMap(({ cells }) => cells);
  refuseSeveralWorkloads(candidates, settings);
  const untuned = planUntuned(spec, first, digest);
  return {
    plan: {
      settings,
      hostIds: members.map(({ hostId }) => hostId),
      candidateCount: candidates.length,
      coresPerPackage: coresPerPackage(first.topology),
      untuned: untuned.cell,
    },
    candidates,
    untuned,
    outline,
  };
}

/** The first of the largest classes, its hosts in the order of their ids. */
function largestClass(outline: SweepOutline, hosts: readonly PlanningHost[]): PlanningHost[] {
  const classes = new Map<string, PlanningHost[]>();
  for (const { hostId } of outline.hosts) {
    const host = hosts.find((some) => some.hostId === hostId);
    if (host === undefined) continue;
    const key = hostClassKey(host);
    classes.set(key, [...(classes.get(key) ?? []), host]);
  }
  return [...classes.values()].reduce(
    (best, some) => (some.length > best.length ? some : best),
    [],
  );
}

function describeNothing({ unmatched }: SweepOutline): string {
  const reasons = unmatched.map(({ hostId, reason }) => `\n  ${hostId}: ${reason}`);
  const why = reasons.length === 0 ? "no host is connected" : reasons.join("");
  return `the tune has no configuration that a connected host can run: ${why}`;
}

function tooMany(count: number): FleetsweepError {
  return new FleetsweepError(
    "sweep.invalid",
    `a tune chooses from at most ${maxCandidates} configurations, and the file has ${count}: take values out`,
  );
}

/** The best of two workloads is the smaller one: that is no tune. */
function refuseSeveralWorkloads(
  candidates: readonly PlannedCell[],
  { objectives }: TuneSettings,
): void {
  const latencyAlone = objectives.length === 1 && objectives[0] === "latency";
  const fixed = ["model", "sequence_length", ...(latencyAlone ? ["batch_size"] : [])];
  for (const axis of fixed) {
    const values = new Set(candidates.map(({ cell }) => cell[axis]));
    if (values.size <= 1) continue;
    throw new FleetsweepError(
      "sweep.invalid",
      `a tune for ${objectives.join(" and ")} is of one workload, and ${axis} has ${values.size} values: tune each by itself`,
    );
  }
}

/** The workload under settings that nobody tuned: the out-of-the-box baseline of its first values. */
function planUntuned(spec: SweepSpec, host: PlanningHost, digest: Digest): PlannedCell {
  const cores = usableCores(host.topology);
  const [main] = spec.matrices;
  if ("refused" in cores || main === undefined) throw noUntuned("the host has no usable cores");
  const baseline = baselineMatrix("out-of-the-box", main, cores);
  // Of the runner's own parameters the first that the host does not refuse.
  const matrix = { ...baseline, axes: firstValues(baseline).axes };
  const alone = { ...spec, matrices: [matrix], baselines: [], canaries: null, constraints: [] };
  const outline = outlineSweep(alone, [host], digest);
  const cell = outline.hosts[0]?.shards().next().value?.cells[0];
  if (cell === undefined) throw noUntuned(outline.unmatched[0]?.reason ?? "it is left out");
  return cell;
}

function noUntuned(why: string): FleetsweepError {
  return new FleetsweepError(
    "sweep.unplaceable",
    `the untuned settings, which a tune is compared with, cannot run: ${why}`,
  );
}

function coresPerPackage(topology: Topology): number | null {
  const cores = usableCores(topology);
  if ("refused" in cores) return null;
  const counts = new Set(cores.packages.map((entry) => entry.cores.length));
  return counts.size === 1 ? ([...counts][0] ?? null) : null;
}
