import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultRuntimesDirectory } from "../../../agent/config.ts";
import { readKnobHost } from "../../../agent/knobs/host.ts";
import { nodeKnobHostProbe } from "../../../agent/knobs/host-probe.ts";
import { runLaunch } from "../../../agent/runner/launch.ts";
import type { LaunchPlan } from "../../../agent/runner/launch-plan.ts";
import { type LaunchSystem, nodeLaunchSystem } from "../../../agent/runner/launch-system.ts";
import { planLaunch } from "../../../agent/runner/plan-launch.ts";
import { makeInputs } from "../../../agent/runners/bert/inputs.ts";
import { bertSizes } from "../../../agent/runners/bert/sizes.ts";
import { readCatalogue } from "../../../agent/runners/catalogue.ts";
import { buildEncoder } from "../../../agent/runners/onnxruntime/encoder-graph.ts";
import { findRuntime } from "../../../agent/runners/runtimes/known.ts";
import { pythonFlags, runtimePlaces } from "../../../agent/runners/runtimes/places.ts";
import { precisionModes } from "../../../shared/domain/method.ts";
import type { Measured } from "../../../shared/domain/result.ts";
import { PlainScript, type Timing, takenShare } from "./plain-script.ts";

export interface Workload {
  readonly runner: "onnxruntime" | "pytorch";
  readonly model: string;
  readonly batch: number;
  readonly sequence: number;
}

/** A turn of the fleet between two of the script. */
export interface Pair {
  readonly before: Timing;
  readonly fleet: Timing;
  readonly after: Timing;
}

/** The turns of one launch, and both processes are new in every launch. */
export const turns = { pairs: 4, seconds: 0.25, settleSeconds: 0.5 } as const;

const pu = 1;
const seed = 1;
const place = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const runtimesDirectory = defaultRuntimesDirectory();
const catalogue = await readCatalogue({
  nodePath: process.execPath,
  runtimesDirectory,
  models: {},
  commands: {},
});
const built = place("../../../dist/agent/runners/onnxruntime/main.js");
const asBuilt = catalogue.map((entry) =>
  entry.declaration.name === "onnxruntime" ? { ...entry, argv: [process.execPath, built] } : entry,
);
const knobHost = await readKnobHost(nodeKnobHostProbe);
const system = nodeLaunchSystem(process);

/** Which of the two processes is started first. */
export const orders = ["script-first", "fleet-first"] as const;

/**
 * One launch of the fleet with a script beside it, in turns on one PU. `directory` takes the files of the model.
 * @throws Error where either of them fails.
 */
export async function measureLaunch(
  workload: Workload,
  directory: string,
  order: (typeof orders)[number],
): Promise<readonly Pair[]> {
  let script: PlainScript | null = null;
  const begin = async (): Promise<PlainScript> => {
    script = startScript(workload, directory);
    // What a careful person does first.
    await script.turn(turns.settleSeconds);
    return script;
  };
  const blocks: Timing[] = [];
  const takeTurn = async (): Promise<void> => {
    blocks.push(await (script ?? (await begin())).turn(turns.seconds));
  };
  try {
    if (order === "script-first") await begin();
    const { turning, nextTurn } = withTurns(system, takeTurn);
    const { outcomes } = await runLaunch(planOf(workload), {
      system: turning,
      signal: new AbortController().signal,
      onProgress: (_, phase) => phase === "measuring" && nextTurn(),
    });
    await takeTurn();
    return Array.from({ length: turns.pairs }, (_, index) => {
      const outcome = outcomes.get(`c${index}`);
      if (outcome?.type !== "measured") throw new Error(outcome?.message ?? "no outcome");
      const [before, after] = [blocks[index], blocks[index + 1]];
      if (before === undefined || after === undefined) throw new Error("a turn is missing");
      return { before, fleet: toTiming(outcome), after };
    });
  } finally {
    await (script as PlainScript | null)?.end();
  }
}

/** Starts the script of a workload; for ONNX Runtime with the files that the runner makes for itself. */
function startScript(workload: Workload, directory: string): PlainScript {
  const { runner, model, batch, sequence } = workload;
  const environment = { PATH: process.env["PATH"] ?? "", OMP_NUM_THREADS: "1" };
  if (runner === "pytorch") {
    const runtime = findRuntime("pytorch");
    if (runtime === undefined) throw new Error("no runtime pytorch");
    const { python } = runtimePlaces(runtimesDirectory, runtime);
    const words = [place("../../../agent/runners/pytorch"), model, `${batch}`, `${sequence}`, "1"];
    const argv = [python, ...pythonFlags, place("./plain-module.py"), ...words];
    return new PlainScript({ pu, system }, argv, environment);
  }
  const [file, inputs] = writeFiles(workload, directory);
  const argv = [process.execPath, place("./plain-session.mjs"), file, inputs, "1"];
  return new PlainScript({ pu, system }, argv, environment);
}

function writeFiles({ model, batch, sequence }: Workload, directory: string): [string, string] {
  const size = bertSizes[model];
  if (size === undefined) throw new Error(`no size ${model}`);
  const name = join(directory, `${model}-${batch}-${sequence}`);
  writeFileSync(`${name}.onnx`, buildEncoder(size, "fp32", seed));
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

function planOf({ runner, model, batch, sequence }: Workload): LaunchPlan {
  const cell = { runner, model, dtype: "fp32", batch_size: batch, sequence_length: sequence };
  const plan = planLaunch({
    cells: Array.from({ length: turns.pairs }, (_, index) => ({ cellId: `c${index}`, cell })),
    placement: {
      instances: [{ pus: [pu], memoryNodes: [0], memoryPolicy: "local", threads: 1 }],
      idlePus: [],
    },
    method: {
      ...precisionModes.quick,
      minCalls: 20,
      minSeconds: turns.seconds,
      maxSeconds: 2 * turns.seconds,
      warmupMaxSeconds: turns.settleSeconds,
    },
    catalogue: asBuilt,
    knobHost,
  });
  if ("refused" in plan) throw new Error(plan.refused.reason);
  return plan;
}

/** The host, but that what the agent reads first once a cell is warm waits until the script has timed. */
function withTurns(host: LaunchSystem, takeTurn: () => Promise<void>) {
  let turn: Promise<void> | null = null;
  let isDue = false;
  const wait = async (): Promise<void> => {
    if (isDue) turn = takeTurn();
    isDue = false;
    await turn;
  };
  const { read, list } = host.files;
  const files = {
    ...host.files,
    read: async (path: string) => {
      await wait();
      return await read(path);
    },
    list: async (path: string) => {
      await wait();
      return await list(path);
    },
  };
  return { turning: { ...host, files }, nextTurn: () => (isDue = true) };
}

function toTiming({ medianNs, instances: [instance], environment }: Measured): Timing {
  const { counters } = environment;
  const cpuSeconds = counters["cpu_seconds"] ?? Number.NaN;
  return {
    medianNs,
    cpuNsPerCall: (cpuSeconds * 1e9) / (instance?.calls ?? 0),
    takenShare: takenShare(counters, counters["window_seconds"] ?? Number.NaN),
  };
}
