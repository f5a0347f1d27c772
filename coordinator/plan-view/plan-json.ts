import { formatCpuList } from "../../shared/domain/cpuset.ts";
import type { OutlinedHost, SweepOutline } from "../logic/plan-sweep.ts";
import type { PlannedPlacement, ShardPlan } from "../logic/sweep-plan.ts";

/**
 * The plan as one JSON document in pieces, a shard at a time, so that a large plan never stands in
 * memory whole. Keys in snake_case, CPU sets in the kernel's list format.
 */
export function* planJson(outline: SweepOutline): Generator<string> {
  const { name, method, unmatched } = outline;
  const rest = unmatched.map((host) => ({ host: host.hostId, reason: host.reason }));
  const head = { schema: "fleetsweep-plan/1", name, method: toMethod(method), unmatched: rest };
  yield `${JSON.stringify(head).slice(0, -1)},"hosts":[`;
  for (const [index, host] of outline.hosts.entries()) {
    yield `${index === 0 ? "" : ","}\n${JSON.stringify(toHost(host)).slice(0, -1)},"shards":[`;
    let first = true;
    for (const shard of host.shards()) {
      yield `${first ? "" : ","}\n${JSON.stringify(toShard(shard))}`;
      first = false;
    }
    yield "]}";
  }
  yield "]}\n";
}

function toMethod(method: SweepOutline["method"]): unknown {
  // JSON has no infinity: a smoke run has no target.
  const finite = Number.isFinite(method.targetHalfWidth);
  return {
    precision: method.precision,
    target_half_width: finite ? method.targetHalfWidth : null,
    min_launches: method.minLaunches,
    max_launches: method.maxLaunches,
    min_calls: method.minCalls,
    max_calls: method.maxCalls,
    min_seconds: method.minSeconds,
    max_seconds: method.maxSeconds,
    warmup_max_seconds: method.warmupMaxSeconds,
    isolation: method.isolation,
    launch_timeout_seconds: method.launchTimeoutSeconds,
    noise: method.noise,
    interleave: method.interleave,
    max_cell_seconds: method.maxCellSeconds,
    max_sweep_seconds: method.maxSweepSeconds,
    seed: method.seed,
  };
}

function toHost(host: OutlinedHost): object {
  return {
    host: host.hostId,
    written_cells: host.written,
    cells: host.cellCount,
    canary_cells: host.canaryCells,
    groups: host.groupCount,
    process_starts: host.launchCount,
    estimated_seconds: Math.round(host.estimatedSeconds),
    estimate_basis: host.estimateBasis,
    pruned: host.pruned,
    placements: host.placements.map(toPlacement),
  };
}

function toPlacement({ label, resolved }: PlannedPlacement): object {
  return {
    label,
    idle_cpus: formatCpuList(resolved.idlePus),
    instances: resolved.instances.map((instance) => ({
      cpus: formatCpuList(instance.pus),
      threads: instance.threads,
      memory_policy: instance.memoryPolicy,
      memory_nodes: formatCpuList(instance.memoryNodes),
    })),
  };
}

function toShard({ shardId, cells }: ShardPlan): object {
  return {
    shard: shardId,
    cells: cells.map((planned) => ({ cell_id: planned.cellId, ...planned.cell })),
  };
}
