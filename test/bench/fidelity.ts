// Does a launch of the fleet see what a 30-line script sees? The same model, inputs, threads and PU,
// taken in turns in one run. `npm run bench:fidelity [-- ROUNDS]`; results go into README.md beside.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeKnobHostProbe, readKnobHost } from "../../agent/knobs/host.ts";
import { runLaunch } from "../../agent/runner/launch.ts";
import { nodeLaunchSystem } from "../../agent/runner/launch-system.ts";
import { planLaunch } from "../../agent/runner/plan-launch.ts";
import { makeInputs } from "../../agent/runners/bert/inputs.ts";
import { bertSizes } from "../../agent/runners/bert/sizes.ts";
import { readCatalogue } from "../../agent/runners/catalogue.ts";
import { buildEncoder } from "../../agent/runners/onnxruntime/encoder-graph.ts";
import { precisionModes } from "../../shared/domain/method.ts";
import { decodeSamples } from "../../shared/runtime/sample-codec.ts";
import { logInterval } from "../../shared/stats/interval.ts";
import { median, quantile } from "../../shared/stats/quantile.ts";

const rounds = Number(process.argv[2] ?? 15);
const seconds = 1;
const pu = 1;
const seed = 1;
const cells = [
  { model: "bert-mini", dtype: "fp32", batch: 1, sequence: 32 },
  { model: "bert-mini", dtype: "int8", batch: 1, sequence: 128 },
  { model: "bert-small", dtype: "fp32", batch: 2, sequence: 64 },
] as const;
type BenchCell = (typeof cells)[number];

const built = fileURLToPath(
  new URL("../../dist/agent/runners/onnxruntime/main.js", import.meta.url),
);
const script = fileURLToPath(new URL("./plain-session.mjs", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "fidelity-"));
const catalogue = await readCatalogue({ nodePath: process.execPath, models: {}, commands: {} });
const knobHost = await readKnobHost(nodeKnobHostProbe);

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

/** The median is what reports show; neighbours disturb the others less. */
interface Timing {
  readonly medianNs: number;
  readonly p10Ns: number;
  /** CPU time of the process over the timed calls. */
  readonly cpuNsPerCall: number;
}

/** Writes the model and the inputs as the runner makes them for itself. */
function writeFiles({ model, dtype, batch, sequence }: BenchCell): [string, string] {
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

function byScript([model, inputs]: readonly [string, string]): Timing {
  // In a session of its own, as the fleet's runners are: Linux shares a busy PU between sessions.
  const bound = ["--wait", "taskset", "-c", `${pu}`];
  const args = [...bound, process.execPath, script, model, inputs, `${seconds}`, "1"];
  const output = execFileSync("setsid", args, { encoding: "utf8" });
  return JSON.parse(output) as Timing;
}

async function byFleet({ model, dtype, batch, sequence }: BenchCell): Promise<Timing> {
  const cell = {
    runner: "onnxruntime",
    model,
    dtype,
    batch_size: batch,
    sequence_length: sequence,
  };
  const method = { ...precisionModes.quick, minSeconds: seconds, warmupMaxSeconds: 1 };
  const plan = planLaunch({
    cells: [{ cellId: "c", cell }],
    placement: {
      instances: [{ pus: [pu], memoryNodes: [0], memoryPolicy: "local", threads: 1 }],
      idlePus: [],
    },
    method,
    catalogue: catalogue.map((entry) => ({ ...entry, argv: [process.execPath, built] })),
    knobHost,
  });
  if ("refused" in plan) throw new Error(plan.refused.reason);
  const report = await runLaunch(plan, {
    system: nodeLaunchSystem(process),
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  const outcome = report.outcomes.get("c");
  if (outcome?.type !== "measured") throw new Error(outcome?.message ?? "no outcome");
  const [instance] = outcome.instances;
  if (instance === undefined) throw new Error("no instance");
  const p10Ns = quantile(decodeSamples(instance.samples), 0.1);
  const cpuSeconds = outcome.environment.counters["cpu_seconds"] ?? Number.NaN;
  return { medianNs: outcome.medianNs, p10Ns, cpuNsPerCall: (cpuSeconds * 1e9) / instance.calls };
}

/** The row of one cell: medians, and the ratio of the pairs with its interval. */
function toRow(cell: BenchCell, pairs: readonly Pair[]): string {
  const ratios = (pick: (timing: Timing) => number): number[] =>
    pairs.map(({ script: scripted, fleet }) => pick(fleet) / pick(scripted));
  const interval = logInterval(ratios(({ medianNs }) => medianNs));
  if (interval === null) throw new Error("at least two rounds");
  const ms = (values: number[]): string => (median(values) / 1e6).toFixed(3);
  const columns = [
    `${cell.model} ${cell.dtype} ${cell.batch} × ${cell.sequence}`,
    ms(pairs.map((pair) => pair.script.medianNs)),
    ms(pairs.map((pair) => pair.fleet.medianNs)),
    median(ratios(({ medianNs }) => medianNs)).toFixed(3),
    `${interval.low.toFixed(3)} … ${interval.high.toFixed(3)}`,
    median(ratios(({ p10Ns }) => p10Ns)).toFixed(3),
    median(ratios(({ cpuNsPerCall }) => cpuNsPerCall)).toFixed(3),
  ];
  return `| ${columns.join(" | ")} |`;
}

interface Pair {
  readonly script: Timing;
  readonly fleet: Timing;
}

print(`${rounds} rounds of ${seconds} s on PU ${pu}; ratios are fleet to script, pair by pair`);
print("| cell | script, ms | fleet, ms | median ratio | 95 % interval | p10 ratio | CPU ratio |");
print("| --- | --- | --- | --- | --- | --- | --- |");
try {
  for (const cell of cells) {
    const files = writeFiles(cell);
    const pairs: Pair[] = [];
    for (let round = 0; round < rounds; round++) {
      // Who goes first changes, so that a drift of the host favours neither.
      const fleetFirst = round % 2 === 0 ? await byFleet(cell) : null;
      const scripted = byScript(files);
      pairs.push({ script: scripted, fleet: fleetFirst ?? (await byFleet(cell)) });
    }
    print(toRow(cell, pairs));
  }
} finally {
  rmSync(directory, { recursive: true });
}
