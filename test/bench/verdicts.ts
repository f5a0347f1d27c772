import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildReport } from "../../coordinator/analysis/build-report.ts";
import { compareSides } from "../../coordinator/analysis/compare/compare-sides.ts";
import { parseSide } from "../../coordinator/analysis/compare/side.ts";
import { openProjection, type Projection } from "../../coordinator/store/projection.ts";
import type { ProjectedEntry } from "../../coordinator/store/rows.ts";
import { makeRandomSource, type RandomSource } from "../../coordinator/tuner/random.ts";
import type { Cell } from "../../shared/domain/cell.ts";
import { applyEvent, emptyLogState } from "../../shared/domain/fold.ts";
import type { LogEvent } from "../../shared/domain/log-event.ts";
import { precisionModes } from "../../shared/domain/method.ts";
import { encodeSamples } from "../../shared/runtime/sample-codec.ts";
import { instance, measured } from "../../shared/testing/outcomes.ts";
import { makeTopology } from "../../shared/testing/topologies.ts";
import { cleanFleet, trueLatencyNs } from "../support/synthetic-fleet.ts";

/**
 * Ingest, report and comparison of sweeps with more and more results: node --expose-gc --import tsx
 * test/bench/verdicts.ts [results …]. Four hosts, five launches a cell, 64 samples a launch.
 */
const hosts = 4;
const launches = 5;
const cellsAShard = 64;
const topology = makeTopology({ packages: 2, nodesPerPackage: 1, coresPerNode: 40 });

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
function makeCells(settings: number): Cell[] {
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

function* sweepEvents(
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

async function ingest(store: Projection, sweepId: string, cells: readonly Cell[]): Promise<number> {
  const state = emptyLogState();
  const random = makeRandomSource(1);
  let seq = store.cursor;
  let batch: ProjectedEntry[] = [];
  let busy = 0;
  const flush = async (): Promise<void> => {
    const started = performance.now();
    await store.apply(batch);
    busy += performance.now() - started;
    batch = [];
  };
  for (const event of sweepEvents(sweepId, cells, random)) {
    seq += 1;
    batch.push({ seq, ...applyEvent(state, event) });
    if (batch.length === 1_024) await flush();
  }
  await flush();
  return busy / 1_000;
}

async function timed<Value>(work: () => Promise<Value>): Promise<[seconds: number, value: Value]> {
  const started = performance.now();
  const value = await work();
  return [(performance.now() - started) / 1_000, value];
}

const sizes = process.argv.slice(2).map(Number);
const mib = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
process.stdout.write(
  "| results | cells | ingest, results/s | read | report | compare | peak memory |\n",
);
for (const results of sizes.length > 0 ? sizes : [10_000, 100_000]) {
  const directory = mkdtempSync(join(tmpdir(), "fleetsweep-bench-"));
  const store = await openProjection(join(directory, "projection.duckdb"));
  const cells = makeCells(results / (hosts * launches * 500));
  for (let host = 1; host <= hosts; host += 1) {
    const facts = { agentVersion: "0.1.0", runnersJson: "[]", labels: {}, observedAtMs: 1 };
    await store.putHost({ hostId: `h${host}`, topology, ...facts });
  }
  const seconds = await ingest(store, "s1", cells);
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 50);
  const [readSeconds, input] = await timed(() => store.readReportInput("s1"));
  const [reportSeconds, report] = await timed(async () => buildReport(input));
  const sides = [",host=h1", ",host=h2"].map((filter) => parseSide(`s1${filter}`));
  const [compareSeconds, comparison] = await timed(async () => {
    const [a, b] = sides;
    if (a === undefined || b === undefined) throw new Error("no sides");
    return compareSides({ a: input, b: input }, { a, b, objective: "latency", margin: 0.01 });
  });
  peak = Math.max(peak, process.memoryUsage().rss);
  clearInterval(watch);
  const columns = [
    results,
    report.rows.length,
    Math.round(results / seconds),
    ...[readSeconds, reportSeconds, compareSeconds].map((s) => `${s.toFixed(2)} s`),
    mib(peak),
  ];
  process.stdout.write(`| ${columns.join(" | ")} |\n`);
  if (comparison.cells.length !== cells.length) throw new Error("cells are missing");
  await store.close();
  rmSync(directory, { recursive: true, force: true });
}
