// What does it save that one process measures many cells? The same 24 cells with equal sample counts, by
// grouped launches and by one process for each cell, taken in turns. `npm run bench:sweep [-- ROUNDS]`;
// results go into README.md beside.
import { fileURLToPath } from "node:url";
import { readKnobHost } from "../../agent/knobs/host.ts";
import { nodeKnobHostProbe } from "../../agent/knobs/host-probe.ts";
import { shardMeasurer } from "../../agent/measure-shard.ts";
import { runLaunch } from "../../agent/runner/launch.ts";
import { nodeLaunchSystem } from "../../agent/runner/launch-system.ts";
import { readCatalogue } from "../../agent/runners/catalogue.ts";
import { type Method, precisionModes } from "../../shared/domain/method.ts";
import type { LaunchResult } from "../../shared/domain/result.ts";
import { randomId } from "../../shared/runtime/random-id.ts";
import { decodeSamples } from "../../shared/runtime/sample-codec.ts";
import { median } from "../../shared/stats/quantile.ts";
import { makeTopology } from "../../shared/testing/topologies.ts";

const rounds = Number(process.argv[2] ?? 5);
const calls = 64;
const pu = 1;
const cells = ["fp32", "int8"].flatMap((dtype) =>
  ["basic", "all"].flatMap((graph_optimization) =>
    [1, 2].flatMap((batch_size) =>
      [16, 32, 64].map((sequence_length) => ({
        cellId: `${dtype}-${graph_optimization}-${batch_size}-${sequence_length}`,
        cell: {
          runner: "onnxruntime",
          model: "bert-mini",
          dtype,
          graph_optimization,
          placement: `cpus:${pu}`,
          batch_size,
          sequence_length,
        },
      })),
    ),
  ),
);
const built = fileURLToPath(
  new URL("../../dist/agent/runners/onnxruntime/main.js", import.meta.url),
);
const installed = await readCatalogue({ nodePath: process.execPath, models: {}, commands: {} });
const catalogue = installed.map((entry) => ({ ...entry, argv: [process.execPath, built] }));
const knobHost = await readKnobHost(nodeKnobHostProbe);
const system = nodeLaunchSystem(process);

interface Run {
  readonly wallSeconds: number;
  /** Inside timed calls, and inside warm-up calls as far as their number and their median tell. */
  readonly timedSeconds: number;
  readonly warmUpSeconds: number;
  readonly launches: number;
  readonly agentShare: number;
}

/** Measures all cells once, as an agent does with a shard. */
async function run(isolation: Method["isolation"]): Promise<Run> {
  const results: LaunchResult[] = [];
  let launches = 0;
  const measure = shardMeasurer({
    hostId: "bench",
    topology: () => makeTopology({ packages: 1, nodesPerPackage: 1, coresPerNode: 2 }),
    catalogue,
    knobHost,
    randomId,
    nowMs: Date.now,
    monotonicMs: () => performance.now(),
    lock: () => Promise.resolve({ release: () => Promise.resolve() }),
    waitForQuiet: () => Promise.resolve(),
    journal: {
      begin: () => Promise.resolve(),
      reach: () => undefined,
      end: () => Promise.resolve(),
    },
    launch: (plan, { onProgress }, signal) => {
      launches += 1;
      return runLaunch(plan, { system, signal, onProgress });
    },
  });
  const exactly = { minCalls: calls, maxCalls: calls, minSeconds: 0.001, maxSeconds: 600 };
  const method: Method = {
    ...precisionModes.smoke,
    ...exactly,
    warmupMaxSeconds: 2,
    noise: "flag",
    isolation,
  };
  const started = performance.now();
  await measure(
    { grantId: "g", sweepId: "s", shardId: "h1-0001", method, cells, counted: [] },
    {
      goOn: () => true,
      progress: () => undefined,
      waiting: () => undefined,
      results: (some) => {
        results.push(...some);
        return Promise.resolve();
      },
    },
    new AbortController().signal,
  );
  const wallSeconds = (performance.now() - started) / 1_000;
  return { wallSeconds, launches, ...addUp(results) };
}

function addUp(results: readonly LaunchResult[]) {
  let [timed, warmUp] = [0, 0];
  const shares: number[] = [];
  for (const { cellId, outcome } of results) {
    if (outcome.type === "failed") throw new Error(`${cellId}: ${outcome.message}`);
    for (const { samples, warmupCalls, firstCallNs, medianNs } of outcome.instances) {
      if (samples.count !== calls) throw new Error(`${cellId}: ${samples.count} samples`);
      timed += decodeSamples(samples).reduce((sum, ns) => sum + ns, 0);
      warmUp += firstCallNs + (warmupCalls - 1) * medianNs;
    }
    shares.push(outcome.environment.counters["agent_cpu_share"] ?? Number.NaN);
  }
  if (results.length !== cells.length) throw new Error(`${results.length} results`);
  return { timedSeconds: timed / 1e9, warmUpSeconds: warmUp / 1e9, agentShare: median(shares) };
}

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const spread = (values: readonly number[], digits: number): string => {
  const shown = [median(values), Math.min(...values), Math.max(...values)];
  const [middle, least, most] = shown.map((value) => value.toFixed(digits));
  return `${middle} (${least} to ${most})`;
};

function toRow(name: string, runs: readonly Run[]): string {
  const columns = [
    name,
    `${runs[0]?.launches}`,
    spread(
      runs.map((one) => one.wallSeconds),
      1,
    ),
    spread(
      runs.map((one) => one.timedSeconds),
      1,
    ),
    spread(
      runs.map((one) => one.warmUpSeconds),
      1,
    ),
    spread(
      runs.map((one) => (100 * (one.timedSeconds + one.warmUpSeconds)) / one.wallSeconds),
      0,
    ),
  ];
  return `| ${columns.join(" | ")} |`;
}

const grouped: Run[] = [];
const single: Run[] = [];
for (let round = 0; round < rounds; round++) {
  // Who goes first changes, so that a drift of the host favours neither.
  if (round % 2 === 0) grouped.push(await run("grouped"));
  single.push(await run("process-per-cell"));
  if (round % 2 === 1) grouped.push(await run("grouped"));
}
print(`${cells.length} cells of ${calls} samples each on PU ${pu}, n = ${rounds} rounds`);
print("| launches | processes | wall, s | timed, s | warm-up, s | in calls, % |");
print("| --- | --- | --- | --- | --- | --- |");
print(toRow("grouped", grouped));
print(toRow("process per cell", single));
const ratios = single.map(({ wallSeconds }, i) => wallSeconds / (grouped[i]?.wallSeconds ?? 1));
print(`wall time, process per cell to grouped: ${spread(ratios, 2)}`);
const shares = [...grouped, ...single].map(({ agentShare }) => 100 * agentShare);
print(`CPU use of the agent in the timed windows, % of one PU: ${spread(shares, 2)}`);
