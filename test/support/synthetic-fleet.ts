import type {
  ReportCell,
  ReportHost,
  ReportInput,
  ReportLaunch,
} from "../../coordinator/analysis/report-input.ts";
import { makeRandomSource, type RandomSource } from "../../coordinator/tuner/random.ts";
import type { Cell } from "../../shared/domain/cell.ts";
import { hostClass } from "../../shared/domain/fingerprint.ts";
import { usableCores } from "../../shared/domain/host-cores.ts";
import type { Topology } from "../../shared/domain/topology.ts";
import { sha256 } from "../../shared/runtime/random-id.ts";
import { makeTopology } from "../../shared/testing/topologies.ts";
import { measuredLaunch, reportInput } from "./report-input.ts";

/** What is true of a made-up fleet: every host has two packages of 40 cores. */
export interface FleetTruth {
  readonly seed: number;
  readonly hosts: number;
  readonly launches: number;
  /** Standard deviations of logarithms: between hosts, between launches of a cell. */
  readonly hostSd: number;
  readonly launchSd: number;
  /** α and β inside a package, the time of one core in ns, and the factor of one instance over packages. */
  readonly contention: number;
  readonly coherency: number;
  readonly oneCoreNs: number;
  readonly crossing: number;
  readonly remoteMemory: number;
  readonly lengths: readonly number[];
  /** This host is slower by the factor, and its microcode is another. */
  readonly badHost?: { readonly index: number; readonly factor: number };
  /** Every host visits a canary so often, spread evenly over the time; none unless given. */
  readonly canaryVisits?: number;
  /** This host takes longer and longer, by the factor at the end. */
  readonly drifting?: { readonly index: number; readonly factor: number };
  /** In this share of the time all launches of a host take longer by the factor. */
  readonly throttled?: {
    readonly index: number;
    readonly factor: number;
    readonly from: number;
    readonly to: number;
  };
}

export const cleanFleet: FleetTruth = {
  seed: 1,
  hosts: 8,
  launches: 6,
  hostSd: 0.005,
  launchSd: 0.01,
  contention: 0.02,
  coherency: 4e-4,
  oneCoreNs: 200e6,
  crossing: 1.25,
  remoteMemory: 0.3,
  lengths: [128],
};

const coreCounts = [1, 2, 4, 6, 8, 12, 16, 20, 24, 28, 32, 36, 40];

const placements: readonly Cell[] = [
  ...coreCounts.map((cores) => ({ placement: "one-socket", cores, instances: 1 })),
  ...[8, 16, 32].map((cores) => ({ placement: "spread", cores, instances: 1 })),
  { placement: "all-sockets", cores: 80, instances: 1 },
  { placement: "per-socket", cores: 40, instances: 2 },
  { placement: "remote-memory", cores: 40, instances: 1, memory_policy: "bind" },
];

/** Latency of a call without noise, in ns. */
export function trueLatencyNs(truth: FleetTruth, cell: Cell): number {
  const cores = Number(cell["cores"]);
  const work = 1 + truth.contention * (cores - 1) + truth.coherency * cores * (cores - 1);
  const inside = (truth.oneCoreNs * (Number(cell["sequence_length"]) / 128) * work) / cores;
  if (cell["placement"] === "spread" || cell["placement"] === "all-sockets") {
    return inside * truth.crossing;
  }
  return cell["placement"] === "remote-memory" ? inside * (1 + truth.remoteMemory) : inside;
}

/** The results of a sweep over the fleet, as the projection would give them. */
export function syntheticFleet(truth: FleetTruth): ReportInput {
  const random = makeRandomSource(truth.seed);
  const cells = truth.lengths.flatMap((length) =>
    placements.map((placement): Cell => ({ ...placement, smt: "off", sequence_length: length })),
  );
  const hosts = Array.from({ length: truth.hosts }, (_, index) => makeHost(truth, index));
  const reported = hosts.flatMap((host, index) => {
    const offset = truth.hostSd * random.normal();
    const bad = truth.badHost?.index === index ? truth.badHost.factor : 1;
    const level = Math.exp(offset) * bad;
    return cells.map((cell, position) =>
      makeCell({ truth, random, level, index, cellCount: cells.length }, host, cell, position),
    );
  });
  const canaries = hosts.flatMap((host, index) => makeVisits(truth, host, index));
  return { ...reportInput(reported), hosts, canaries };
}

/** Launches of a visit take turns with those of a shard, so that they fill the time up to the next visit. */
function makeVisits(truth: FleetTruth, host: ReportHost, index: number): readonly ReportCell[] {
  const visits = truth.canaryVisits ?? 0;
  const random = makeRandomSource(truth.seed + 7_919 * (index + 1));
  const level = Math.exp(truth.hostSd * random.normal());
  const cell: Cell = { placement: "one-socket", cores: 4, instances: 1, sequence_length: 128 };
  return Array.from({ length: visits }, (_, visit) => {
    const shardId = `${host.hostId}-${String(visit + 1).padStart(4, "0")}`;
    const launches = Array.from({ length: truth.launches }, (__, n): ReportLaunch => {
      const share = (visit + (n + 0.5) / truth.launches) / visits;
      const noise = Math.exp(truth.launchSd * random.normal());
      const medianNs = trueLatencyNs(truth, cell) * level * slownessAt(truth, index, share) * noise;
      return { ...measuredLaunch(n + 1, medianNs), endedAtMs: timeAt(share) };
    });
    return {
      hostId: host.hostId,
      givenUp: null,
      shardId,
      cellId: sha256(JSON.stringify([cell, shardId])).slice(0, 20),
      cell: { runner: "onnxruntime", model: "bert-base", batch_size: 1, ...cell, canary: shardId },
      terminal: "ok",
      launches,
      pooled: null,
    };
  });
}

function timeAt(share: number): number {
  return 1_700_000_000_000 + Math.round(share * 8 * 3_600_000);
}

/** By how much longer everything takes on a host at that share of the time. */
function slownessAt({ throttled, drifting }: FleetTruth, index: number, share: number): number {
  const isThrottled = throttled?.index === index && share >= throttled.from && share < throttled.to;
  const drift = drifting?.index === index ? drifting.factor ** share : 1;
  return (isThrottled ? throttled.factor : 1) * drift;
}

interface Making {
  readonly truth: FleetTruth;
  readonly random: RandomSource;
  readonly level: number;
  readonly index: number;
  readonly cellCount: number;
}

function makeHost(truth: FleetTruth, index: number): ReportHost {
  const plain = makeTopology({ packages: 2, nodesPerPackage: 1, coresPerNode: 40 });
  const microcode = truth.badHost?.index === index ? "0xd000375" : "0xd0003a5";
  const topology: Topology = {
    ...plain,
    system: { ...plain.system, microcodeSysfs: { [microcode]: "0-79" } },
  };
  const cores = usableCores(topology);
  return {
    hostId: `host-${String(index + 1).padStart(2, "0")}`,
    agentVersion: "0.1.0",
    topology,
    cores: "refused" in cores ? null : cores,
    classId: hostClass(topology, {}, sha256),
    parameterDefaults: {},
  };
}

/** Launches interleave: the n-th launch of every cell comes before any launch n + 1. */
function makeCell(making: Making, host: ReportHost, cell: Cell, position: number): ReportCell {
  const { truth, random, level, index, cellCount } = making;
  const launches = Array.from({ length: truth.launches }, (_, n): ReportLaunch => {
    const share = (n * cellCount + position) / (truth.launches * cellCount);
    const slow = slownessAt(truth, index, share);
    const noise = Math.exp(truth.launchSd * random.normal());
    const medianNs = trueLatencyNs(truth, cell) * level * slow * noise;
    const instances = Number(cell["instances"]);
    return {
      ...measuredLaunch(n + 1, medianNs),
      samplesPerSecond: (1e9 * instances) / medianNs,
      instances: Array.from({ length: instances }, (__, at) => ({
        index: at,
        calls: 100,
        medianNs,
        timedNs: 100 * medianNs,
      })),
      endedAtMs: timeAt(share),
    };
  });
  return {
    hostId: host.hostId,
    givenUp: null,
    shardId: `${host.hostId}-0001`,
    cellId: sha256(JSON.stringify(cell)).slice(0, 20),
    cell: { runner: "onnxruntime", model: "bert-base", batch_size: 1, dtype: "fp32", ...cell },
    terminal: "ok",
    launches,
    pooled: null,
  };
}
