import type { ProjectedEntry } from "../../coordinator/store/rows.ts";
import { applyEvent, emptyLogState } from "../../shared/domain/fold.ts";
import type { LogEvent, ResultEvent } from "../../shared/domain/log-event.ts";
import { precisionModes } from "../../shared/domain/method.ts";
import { encodeSamples } from "../../shared/runtime/sample-codec.ts";
import { instance, measured } from "../../shared/testing/outcomes.ts";

const cellsPerShard = 16;
const samplesPerLaunch = 256;

/** Durations around 1 ms that differ by some µs, from a fixed rule: they compress as real ones do. */
const durationsNs = Array.from(
  { length: samplesPerLaunch },
  (_, n) => 1_000_000 + ((n * 7_919) % 10_007),
);
const samples = encodeSamples(durationsNs);

/** A result like a real one: an instance with {@link samplesPerLaunch} samples. */
export function benchResult(cell: number): ResultEvent {
  const shard = Math.floor(cell / cellsPerShard);
  const place = { sweepId: "bench", shardId: `h1-${shard}` };
  const outcome = measured({ instances: [instance({ calls: samplesPerLaunch, samples })] });
  return {
    type: "result",
    ...place,
    result: {
      ...place,
      attemptId: `a${cell}`,
      hostId: "h1",
      grantId: `g${shard}`,
      cellId: `c${cell}`,
      launch: 1,
      outcome,
      terminal: "ok",
      endedAtMs: 0,
      elapsedMs: 1_500,
    },
  };
}

/** A whole sweep of one launch a cell: planned, granted, measured, closed and sealed. */
export function sweepHistory(cellCount: number): readonly LogEvent[] {
  const shardCount = Math.ceil(cellCount / cellsPerShard);
  const shards = Array.from({ length: shardCount }, (_, shard) =>
    Array.from(
      { length: Math.min(cellsPerShard, cellCount - shard * cellsPerShard) },
      (__, n) => shard * cellsPerShard + n,
    ),
  );
  const base = (shard: number) => ({ sweepId: "bench", shardId: `h1-${shard}` });
  return [
    ...shards.map((cells, shard): LogEvent => {
      const planned = cells.map((n) => ({ cellId: `c${n}`, cell: { batch_size: n, cores: 1 } }));
      return { type: "planned", ...base(shard), hostId: "h1", movableTo: [], cells: planned };
    }),
    {
      type: "submitted",
      sweepId: "bench",
      name: "bench",
      shardCount,
      cellCount,
      method: precisionModes.smoke,
      source: "",
      submittedAtMs: 0,
      tune: null,
    },
    ...shards.flatMap((cells, shard): LogEvent[] => [
      { type: "grant", ...base(shard), grantId: `g${shard}`, hostId: "h1", prev: null },
      ...cells.map(benchResult),
      { type: "closed", ...base(shard) },
    ]),
    { type: "sealed", sweepId: "bench" },
  ];
}

/** The history with what the fold makes of it, as the coordinator hands it to the projection. */
export function foldHistory(events: readonly LogEvent[]): readonly ProjectedEntry[] {
  const state = emptyLogState();
  return events.map((event, index) => ({ seq: index + 1, ...applyEvent(state, event) }));
}
