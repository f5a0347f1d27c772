// Does a launch of the fleet see what a 30-line script sees? The same model, inputs, threads and PU, in one
// run: while a launch measures its cells, the script times a block before each of them and one after the
// last, so that every cell lies between two blocks of its own length. `npm run bench:fidelity [-- LAUNCHES]`;
// results go into README.md beside.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultRuntimesDirectory } from "../../agent/config.ts";
import { nodeKnobHostProbe, readKnobHost } from "../../agent/knobs/host.ts";
import { runLaunch } from "../../agent/runner/launch.ts";
import type { LaunchPlan } from "../../agent/runner/launch-plan.ts";
import { type LaunchSystem, nodeLaunchSystem } from "../../agent/runner/launch-system.ts";
import { planLaunch } from "../../agent/runner/plan-launch.ts";
import { makeInputs } from "../../agent/runners/bert/inputs.ts";
import { bertSizes } from "../../agent/runners/bert/sizes.ts";
import { readCatalogue } from "../../agent/runners/catalogue.ts";
import { buildEncoder } from "../../agent/runners/onnxruntime/encoder-graph.ts";
import { findRuntime } from "../../agent/runners/runtimes/known.ts";
import { pythonFlags, runtimePlaces } from "../../agent/runners/runtimes/places.ts";
import { precisionModes } from "../../shared/domain/method.ts";
import type { Measured } from "../../shared/domain/result.ts";
import { logInterval } from "../../shared/stats/interval.ts";
import { median } from "../../shared/stats/quantile.ts";
import { PlainScript, type Timing } from "./plain-script.ts";

const launches = Number(process.argv[2] ?? 12);
const pairsOfLaunch = 6;
const seconds = 0.4;
const pu = 1;
const seed = 1;
const model = "bert-mini";
const workloads = [
  { runner: "onnxruntime", dtype: "fp32", batch: 1, sequence: 32 },
  { runner: "pytorch", dtype: "fp32", batch: 1, sequence: 32 },
] as const;
type Workload = (typeof workloads)[number];

const place = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "fidelity-"));
const runtimesDirectory = defaultRuntimesDirectory();
const catalogue = await readCatalogue({
  nodePath: process.execPath,
  runtimesDirectory,
  models: {},
  commands: {},
});
const built = place("../../dist/agent/runners/onnxruntime/main.js");
const asBuilt = catalogue.map((entry) =>
  entry.declaration.name === "onnxruntime" ? { ...entry, argv: [process.execPath, built] } : entry,
);
const knobHost = await readKnobHost(nodeKnobHostProbe);
const print = (line: string): boolean => process.stdout.write(`${line}\n`);

/** Starts the script of a workload; for ONNX Runtime with the files that the runner makes for itself. */
function startScript(workload: Workload): PlainScript {
  const { runner, batch, sequence } = workload;
  const environment = { PATH: process.env["PATH"] ?? "", OMP_NUM_THREADS: "1" };
  if (runner === "pytorch") {
    const runtime = findRuntime("pytorch");
    if (runtime === undefined) throw new Error("no runtime pytorch");
    const { python } = runtimePlaces(runtimesDirectory, runtime);
    const folder = place("../../agent/runners/pytorch");
    const words = [folder, model, `${batch}`, `${sequence}`, "1"];
    const argv = [python, ...pythonFlags, place("./plain-module.py"), ...words];
    return new PlainScript(pu, argv, environment);
  }
  const [file, inputs] = writeFiles(workload);
  const argv = [process.execPath, place("./plain-session.mjs"), file, inputs, "1"];
  return new PlainScript(pu, argv, environment);
}

function writeFiles({ dtype, batch, sequence }: Workload): [string, string] {
  const size = bertSizes[model];
  if (size === undefined) throw new Error(`no size ${model}`);
  const name = join(directory, `${model}-${dtype}-${batch}-${sequence}`);
  writeFileSync(`${name}.onnx`, buildEncoder(size, dtype, seed));
  const { inputIds, attentionMask, tokenTypeIds } = makeInputs(batch, sequence, seed);
  const entries = {
    input_ids: inputIds,
    attention_mask: attentionMask,
    token_type_ids: tokenTypeIds,
  };
  const inputs = Object.entries(entries).map(([input, data]) => [
    input,
    { dims: [batch, sequence], data: Array.from(data, Number) },
  ]);
  writeFileSync(`${name}.json`, JSON.stringify(Object.fromEntries(inputs)));
  return [`${name}.onnx`, `${name}.json`];
}

function planOf({ runner, dtype, batch, sequence }: Workload): LaunchPlan {
  const cell = { runner, model, dtype, batch_size: batch, sequence_length: sequence };
  const plan = planLaunch({
    cells: Array.from({ length: pairsOfLaunch }, (_, index) => ({ cellId: `c${index}`, cell })),
    placement: {
      instances: [{ pus: [pu], memoryNodes: [0], memoryPolicy: "local", threads: 1 }],
      idlePus: [],
    },
    method: {
      ...precisionModes.quick,
      minCalls: 20,
      minSeconds: seconds,
      maxSeconds: 2 * seconds,
      warmupMaxSeconds: 0.5,
    },
    catalogue: asBuilt,
    knobHost,
  });
  if ("refused" in plan) throw new Error(plan.refused.reason);
  return plan;
}

/** The host, but that what the agent reads first once a cell is warm waits until the script has timed. */
function withTurns(system: LaunchSystem, takeTurn: () => Promise<void>) {
  let turn: Promise<void> | null = null;
  let isDue = false;
  const wait = async (): Promise<void> => {
    if (isDue) turn = takeTurn();
    isDue = false;
    await turn;
  };
  const { read, list } = system.files;
  const files = {
    read: async (path: string) => {
      await wait();
      return await read(path);
    },
    list: async (path: string) => {
      await wait();
      return await list(path);
    },
  };
  return { system: { ...system, files }, nextTurn: () => (isDue = true) };
}

interface Pair {
  readonly script: Timing;
  readonly fleet: Timing;
}

/** One launch with its script: each cell beside the geometric mean of the blocks around it. */
async function measureLaunch(workload: Workload): Promise<readonly Pair[]> {
  const script = startScript(workload);
  const blocks: Timing[] = [];
  const takeTurn = async (): Promise<void> => {
    blocks.push(await script.block(seconds));
  };
  try {
    // What a careful person does first.
    await script.block(1);
    const { system, nextTurn } = withTurns(nodeLaunchSystem(process), takeTurn);
    const { outcomes } = await runLaunch(planOf(workload), {
      system,
      signal: new AbortController().signal,
      onProgress: (_, phase) => phase === "measuring" && nextTurn(),
    });
    await takeTurn();
    return Array.from({ length: pairsOfLaunch }, (_, index) => {
      const outcome = outcomes.get(`c${index}`);
      if (outcome?.type !== "measured") throw new Error(outcome?.message ?? "no outcome");
      return { fleet: toTiming(outcome), script: between(blocks[index], blocks[index + 1]) };
    });
  } finally {
    await script.end();
  }
}

function toTiming({ medianNs, instances: [instance], environment }: Measured): Timing {
  const cpuSeconds = environment.counters["cpu_seconds"] ?? Number.NaN;
  return { medianNs, cpuNsPerCall: (cpuSeconds * 1e9) / (instance?.calls ?? 0) };
}

function between(before: Timing | undefined, after: Timing | undefined): Timing {
  if (before === undefined || after === undefined) throw new Error("a block is missing");
  const mean = (pick: (timing: Timing) => number): number => Math.sqrt(pick(before) * pick(after));
  return {
    medianNs: mean(({ medianNs }) => medianNs),
    cpuNsPerCall: mean(({ cpuNsPerCall }) => cpuNsPerCall),
  };
}

/** Medians over all, and the ratio with its interval over launches: pairs of one launch are alike. */
function toRow({ runner, dtype, batch, sequence }: Workload, all: readonly (readonly Pair[])[]) {
  const pairs = all.flat();
  const ratio = (pick: (timing: Timing) => number) =>
    all.map((some) => median(some.map(({ script, fleet }) => pick(fleet) / pick(script))));
  const interval = logInterval(ratio(({ medianNs }) => medianNs));
  if (interval === null) throw new Error("at least two launches");
  const ms = (values: number[]): string => (median(values) / 1e6).toFixed(3);
  const single = pairs.map(({ script, fleet }) => fleet.medianNs / script.medianNs).sort(ascending);
  const at = (share: number): string =>
    (single[Math.floor(share * (single.length - 1))] ?? Number.NaN).toFixed(3);
  const columns = [
    `${runner} ${model} ${dtype} ${batch} × ${sequence}`,
    `${all.length} × ${pairsOfLaunch}`,
    ms(pairs.map((pair) => pair.script.medianNs)),
    ms(pairs.map((pair) => pair.fleet.medianNs)),
    interval.estimate.toFixed(3),
    `${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}`,
    `${at(0.25)} to ${at(0.75)}`,
    median(ratio(({ cpuNsPerCall }) => cpuNsPerCall)).toFixed(3),
  ];
  return `| ${columns.join(" | ")} |`;
}

const ascending = (a: number, b: number): number => a - b;

print(`blocks of ${seconds} s in turns on PU ${pu}; ratios are fleet to script`);
print(
  "| workload | launches × pairs | script, ms | fleet, ms | ratio | 95 % interval | middle half of the pairs | CPU time ratio |",
);
print("| --- | --- | --- | --- | --- | --- | --- | --- |");
try {
  const found = workloads.map((): (readonly Pair[])[] => []);
  for (let launch = 0; launch < launches; launch++) {
    for (const [index, workload] of workloads.entries()) {
      found[index]?.push(await measureLaunch(workload));
    }
  }
  for (const [index, workload] of workloads.entries()) print(toRow(workload, found[index] ?? []));
} finally {
  rmSync(directory, { recursive: true });
}
