import type { RandomSource } from "../../../coordinator/tuner/random.ts";
import type { Cell } from "../../../shared/domain/cell.ts";
import type { LogEvent } from "../../../shared/domain/log-event.ts";
import { precisionModes } from "../../../shared/domain/method.ts";
import { encodeSamples } from "../../../shared/runtime/sample-codec.ts";
import { instance, measured } from "../../../shared/testing/outcomes.ts";
import { cleanFleet, trueLatencyNs } from "../../support/synthetic-fleet.ts";

/** The made-up fleet: hosts of two packages of 40 cores, five launches a cell, 64 samples a launch. */
export const fleet = { hosts: 4, launches: 5, cellsASetting: 500 } as const;
const { hosts, launches } = fleet;
const cellsAShard = 64;

const placements: readonly Cell[] = [
  ...[1, 2, 4, 6, 8, 12, 16, 20, 24, 28, 32, 36, 40].map((cores) => ({
    placement: "one-socket",
    cores,
    instances: 1,
  })),
  ...[8, 16, 32].map((cores) => ({ placement: "spread", cores, instances: 1 })),
  { placement: "all-sockets", cores: 80, instances: 1 },
  { placement: "per-socket", cores: 40, instances: 2 },
  { placement: "2-per-socket", cores: 20, instances: 4 },
  { placement: "remote-memory", cores: 40, instances: 1, memory_policy: "bind" },
];

/** Cells of one host: 500 for each setting. */
export function makeCells(settings: number): Cell[] {
  const cells: Cell[] = [];
  for (let setting = 0; setting < settings; setting += 1) {
    for (const batch of [1, 2, 4, 8, 16]) {
      for (const length of [32, 64, 128, 256, 512]) {
        for (const placement of placements) {
          cells.push({
            runner: "onnxruntime",
            model: "bert-base",
            dtype: "fp32",
            smt: "off",
            ...placement,
            batch_size: batch,
            sequence_length: length,
            allocator: ["glibc", "tcmalloc", "jemalloc", "mimalloc"][setting % 4] ?? "",
            kmp_blocktime: Math.floor(setting / 4),
          });
        }
      }
    }
  }
  return cells;
}

/** A whole sweep's entries, one host after another. */
export function* sweepEvents(
  sweepId: string,
  cells: readonly Cell[],
  random: RandomSource,
): Generator<LogEvent> {
  const shards = Math.ceil(cells.length / cellsAShard);
  const shardOf = (host: number, shard: number): string => `h${host}-${shard}`;
  const planned = (shard: number) =>
    cells
      .slice(shard * cellsAShard, (shard + 1) * cellsAShard)
      .map((cell, index) => ({ cellId: `c${shard * cellsAShard + index}`, cell }));
  for (let host = 1; host <= hosts; host += 1) {
    for (let shard = 0; shard < shards; shard += 1) {
      const place = { sweepId, shardId: shardOf(host, shard), hostId: `h${host}` };
      yield { type: "planned", ...place, cells: planned(shard), movableTo: [] };
    }
  }
  const method = precisionModes.quick;
  const counts = { shardCount: hosts * shards, cellCount: hosts * cells.length };
  yield {
    type: "submitted",
    sweepId,
    name: sweepId,
    ...counts,
    method,
    source: "",
    submittedAtMs: 1,
    tune: null,
  };
  for (let host = 1; host <= hosts; host += 1) {
    for (let shard = 0; shard < shards; shard += 1) {
      const place = { sweepId, shardId: shardOf(host, shard), hostId: `h${host}` };
      const grantId = `g-${place.shardId}`;
      yield { type: "grant", ...place, grantId, prev: null };
      for (let launch = 1; launch <= launches; launch += 1) {
        for (const { cellId, cell } of planned(shard)) yield resultOf(cellId, cell, launch);
      }
      yield { type: "closed", sweepId, shardId: place.shardId };

      function resultOf(cellId: string, cell: Cell, launch: number): LogEvent {
        const samples = Array.from({ length: 64 }, () =>
          Math.round(trueLatencyNs(cleanFleet, cell) * Math.exp(0.01 * random.normal())),
        );
        const medianNs = samples[0] ?? 1;
        const outcome = measured({
          medianNs,
          samplesPerSecond: 1e9 / medianNs,
          instances: [instance({ medianNs, samples: encodeSamples(samples) })],
        });
        const terminal = launch === launches ? "ok" : null;
        const ids = { attemptId: `${place.shardId}-${cellId}-${launch}`, grantId, cellId, launch };
        const times = { endedAtMs: launch * 60_000, elapsedMs: 1_000 };
        return {
          type: "result",
          ...place,
          result: { ...ids, ...place, outcome, terminal, ...times },
        };
      }
    }
  }
  yield { type: "sealed", sweepId };
}
