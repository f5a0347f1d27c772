import { buildReport } from "../../coordinator/analysis/build-report.ts";
import type { Report } from "../../coordinator/analysis/report.ts";
import type { ReportCell, ReportInput } from "../../coordinator/analysis/report-input.ts";
import {
  chooseTracedCells,
  type LaunchTrace,
  limits,
  pickEvenly,
  sketchCalls,
  sketchCourse,
  sketchWarmup,
  type Traces,
  traceKey,
} from "../../coordinator/analysis/traces.ts";
import type { Cell } from "../../shared/domain/cell.ts";
import { groupBy } from "../../shared/domain/group-by.ts";
import { usableCores } from "../../shared/domain/host-cores.ts";
import { mulberry32 } from "../../shared/testing/generator.ts";
import { makeTopology } from "../../shared/testing/topologies.ts";
import { doubt, failedLaunch, measuredLaunch, reportInput } from "./report-input.ts";

/** Two packages of two NUMA nodes with ten cores each, as sub-NUMA clustering shows them. */
const twoSockets = makeTopology({ packages: 2, nodesPerPackage: 2, coresPerNode: 10 });
const launchCount = 5;
const startMs = 1_750_000_000_000;

interface Place {
  readonly placement: string;
  readonly cores: number;
  readonly instances: number;
}

const places: readonly Place[] = [
  ...[1, 2, 5, 10, 20].map((cores) => ({ placement: "one-socket", cores, instances: 1 })),
  { placement: "all-sockets", cores: 40, instances: 1 },
  { placement: "per-socket", cores: 20, instances: 2 },
  { placement: "2-per-socket", cores: 10, instances: 4 },
];

/**
 * A sweep of two-socket hosts with a known truth: a serial share, a crossing that costs small shapes more,
 * allocators that matter for long sequences, one host that drifts. The same for the same arguments.
 */
export function syntheticInput(hostIds: readonly string[] = ["xeon-a", "xeon-b"]): ReportInput {
  const cells = hostIds.flatMap((hostId, host) =>
    listCells().map((cell, index) => toReportCell(cell, { hostId, host, index })),
  );
  const canaries = hostIds.flatMap(toVisits);
  const input = reportInput(cells, { name: "two-socket", source: "name: two-socket\naxes: {}\n" });
  const usable = usableCores(twoSockets);
  const cores = "refused" in usable ? null : usable;
  return {
    ...input,
    canaries,
    hosts: input.hosts.map((host) => ({
      ...host,
      topology: twoSockets,
      cores,
      classId: "1a2b3c4d",
      parameterDefaults: {},
    })),
  };
}

/** Four visits of one canary on each host; the second host takes longer and longer. */
function toVisits(hostId: string, host: number): ReportCell[] {
  const random = mulberry32(500 + host);
  const cell = { runner: "onnxruntime", model: "bert-base", batch_size: 1, sequence_length: 128 };
  return [1, 2, 3, 4].map((visit): ReportCell => {
    const shardId = `${hostId}-000${visit}`;
    const launches = Array.from({ length: launchCount }, (_, launch) => {
      const at = (visit - 1) * launchCount + launch;
      const drift = host === 1 ? 1.06 ** (at / (4 * launchCount - 1)) : 1;
      const medianNs = 4e6 * drift * Math.exp(0.006 * gaussian(random));
      return { ...measuredLaunch(launch + 1, medianNs), endedAtMs: startMs + 90_000 * at };
    });
    return {
      hostId,
      shardId,
      cellId: `${shardId}-canary`,
      cell: { ...cell, placement: "one-socket", cores: 2, canary: shardId },
      terminal: "ok",
      givenUp: null,
      launches,
      pooled: null,
    };
  });
}

export function syntheticReport(hostIds?: readonly string[]): Report {
  const input = syntheticInput(hostIds);
  return buildReport(input, { traces: syntheticTraces(input) });
}

function listCells(): Cell[] {
  const cells: Cell[] = [];
  for (const dtype of ["fp32", "int8"]) {
    for (const allocator of ["glibc", "jemalloc"]) {
      for (const batch_size of [1, 8, 32]) {
        for (const sequence_length of [32, 128, 384]) {
          for (const place of places) {
            const { instances, ...others } = place;
            const where = instances === 1 ? others : place;
            const what = { runner: "onnxruntime", model: "bert-base", dtype, allocator };
            cells.push({ ...what, batch_size, sequence_length, ...where });
          }
        }
      }
    }
  }
  return cells;
}

/** Latency in ns before any noise. */
function truth(cell: Cell, host: number): number {
  const batch = Number(cell["batch_size"]);
  const sequence = Number(cell["sequence_length"]);
  const cores = Number(cell["cores"]);
  const work = batch * sequence * (1 + sequence / 1_500) * (cell["dtype"] === "int8" ? 0.4 : 1);
  const serial = 0.01 + 0.12 / (1 + work / 200);
  const crossing = cell["placement"] === "all-sockets" ? 1 + 0.9 / (1 + work / 400) : 1;
  const memory =
    cell["allocator"] === "glibc" && sequence > 200 ? 1 + 0.02 * Math.min(cores, 20) : 1;
  const shared = cell["instances"] === undefined ? 1 : 1.06;
  const slow = host === 1 ? 1.04 : 1;
  return (
    900_000 * work ** 0.98 * (serial + (1 - serial) / cores) * crossing * memory * shared * slow
  );
}

function toReportCell(
  cell: Cell,
  { hostId, host, index }: { hostId: string; host: number; index: number },
): ReportCell {
  const random = mulberry32(1 + index + 1_000 * host);
  const cellId = `${hostId}-${index}`;
  const base = { givenUp: null, hostId, shardId: `${hostId}-0001`, cellId, cell };
  if (index % 97 === 50) {
    return { ...base, terminal: "failed", launches: [failedLaunch(1)], pooled: null };
  }
  if (index % 89 === 70) return { ...base, terminal: null, launches: [], pooled: null };
  const ns = truth(cell, host);
  const verdict =
    index % 53 === 10
      ? doubt("flagged", "noisy")
      : index % 71 === 20
        ? doubt("invalid", "foreign-cpu")
        : undefined;
  const launches = Array.from({ length: launchCount }, (_, launch) => {
    const drift = host === 1 && launch > 2 ? 1.03 : 1;
    const medianNs = ns * drift * Math.exp(0.012 * gaussian(random));
    const samples = (Number(cell["batch_size"]) * Number(cell["instances"] ?? 1) * 1e9) / medianNs;
    return { ...measuredLaunch(launch + 1, medianNs, verdict), samplesPerSecond: samples };
  });
  return { ...base, terminal: "ok", launches, pooled: { count: 640, p90Ns: ns * 1.08 } };
}

/** Launches in blocks, one after another, with calls that have a tail. */
export function syntheticTraces({ cells }: ReportInput): Traces {
  const launches = cells.flatMap(({ hostId, cellId, launches: some }, index) =>
    some.flatMap((launch): LaunchTrace[] => {
      if (launch.type === "failed") return [];
      const endedAtMs = startMs + 1_000 * (launch.launch * cells.length + index);
      const { medianNs, verdict } = launch;
      const { status } = verdict;
      return [
        { hostId, cellId, launch: launch.launch, endedAtMs, medianNs, status, warmupCalls: 12 },
      ];
    }),
  );
  const byCell = groupBy(launches, traceKey);
  const traced = chooseTracedCells(launches).flatMap((key, index) => {
    const some = byCell.get(key) ?? [];
    const [first] = some;
    if (first === undefined) return [];
    const random = mulberry32(7 + index);
    const durations = Array.from({ length: 200 }, () => {
      const spike = random() < 0.02 ? 1.4 : 1;
      return first.medianNs * spike * Math.exp(0.03 * gaussian(random));
    });
    return [
      {
        hostId: first.hostId,
        cellId: first.cellId,
        launches: some.length,
        calls: durations.length,
        warmupCalls: 12 * some.length,
        quantilesNs: sketchCalls([durations]) ?? [],
        course: sketchCourse(durations),
        warmupCourse: sketchWarmup(
          durations.slice(0, 24).map((ns, call) => ns * (1 + 2 * Math.exp(-call / 4))),
        ),
      },
    ];
  });
  return {
    launches: pickEvenly(
      launches.toSorted((a, b) => a.endedAtMs - b.endedAtMs),
      limits.launches,
    ),
    launchesMeasured: launches.length,
    cells: traced,
    cellsMeasured: byCell.size,
  };
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
