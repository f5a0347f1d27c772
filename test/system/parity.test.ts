import { createHash } from "node:crypto";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { type BertInputs, makeInputs } from "../../agent/runners/bert/inputs.ts";
import { bertSizes } from "../../agent/runners/bert/sizes.ts";
import { makeWeights, weightRules } from "../../agent/runners/bert/weights.ts";
import { buildEncoder, outputName } from "../../agent/runners/onnxruntime/encoder-graph.ts";
import { readRuntime } from "../../agent/runners/runtimes/installed.ts";
import { findRuntime } from "../../agent/runners/runtimes/known.ts";
import { referenceEncoder } from "../bert-reference.ts";
import {
  dumpOutputs,
  installedRuntimes,
  runtimesDirectory,
  sayMissing,
} from "../support/python-runtimes.ts";

const seed = 7;
const shapes = [
  [2, 12],
  [1, 48],
] as const;
const sizeOf = (name: string) => bertSizes[name] ?? { layers: 0, hidden: 0, heads: 1 };

/** As test/fixtures/runners/dump_output.py pads them. */
function paddedInputs([batch, sequence]: readonly [number, number]): BertInputs {
  const inputs = makeInputs(batch, sequence, seed);
  for (let row = 0; row < batch; row++) {
    const end = (row + 1) * sequence;
    if (row > 0) inputs.attentionMask.fill(0n, end - Math.floor(sequence / 3), end);
    inputs.tokenTypeIds.fill(1n, end - Math.floor(sequence / 6), end);
  }
  return inputs;
}

async function onnxOutput(
  model: string,
  dtype: "fp32" | "int8",
  shape: readonly [number, number],
): Promise<Float32Array> {
  const options = { intraOpNumThreads: 1 };
  const session = await InferenceSession.create(buildEncoder(sizeOf(model), dtype, seed), options);
  const inputs = paddedInputs(shape);
  const outputs = await session.run({
    input_ids: new Tensor("int64", inputs.inputIds, shape),
    attention_mask: new Tensor("int64", inputs.attentionMask, shape),
    token_type_ids: new Tensor("int64", inputs.tokenTypeIds, shape),
  });
  const output = outputs[outputName];
  if (!(output instanceof Tensor)) throw new Error("no output");
  return output.data as Float32Array;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let i = 0; i < a.length; i++)
    largest = Math.max(largest, Math.abs((a[i] ?? 0) - (b[i] ?? 0)));
  return largest;
}

/** The difference's norm over the expected norm. */
function relativeError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += ((found[i] ?? 0) - (expected[i] ?? 0)) ** 2;
    norm += (expected[i] ?? 0) ** 2;
  }
  return Math.sqrt(difference / norm);
}

interface Variant {
  readonly mode: string;
  readonly dtype: string;
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  readonly shapes?: readonly (readonly [number, number])[];
}

const torchVariants: readonly Variant[] = [
  { mode: "eager", dtype: "fp32" },
  { mode: "eager", dtype: "fp32", parameters: { attention: "sdpa" } },
  { mode: "eager", dtype: "fp32", parameters: { onednn: "off" } },
  { mode: "graph", dtype: "fp32" },
  { mode: "eager", dtype: "bf16", parameters: { onednn: "on" } },
  { mode: "graph", dtype: "bf16" },
  { mode: "eager", dtype: "int8" },
  { mode: "graph", dtype: "int8" },
  // Each shape is compiled for itself, which takes far longer than all the others together.
  { mode: "compile", dtype: "fp32", shapes: [[1, 48]] },
];
const tensorflowVariants: readonly Variant[] = [
  { mode: "eager", dtype: "fp32" },
  { mode: "graph", dtype: "fp32" },
  { mode: "graph", dtype: "fp32", parameters: { xla: true } },
  { mode: "eager", dtype: "bf16" },
  { mode: "graph", dtype: "bf16" },
];

const runners = [
  ["pytorch", torchVariants],
  ["intel-pytorch", torchVariants],
  ["debian-pytorch", torchVariants],
  ["tensorflow", tensorflowVariants],
  ["intel-tensorflow", tensorflowVariants],
] as const;
for (const [name] of runners.filter(([runner]) => !runner.startsWith("debian"))) sayMissing(name);

/** What a runtime says that it can do here; what it cannot is said, and not held against it. */
async function offered(name: string, variants: readonly Variant[]): Promise<readonly Variant[]> {
  const runtime = findRuntime(name);
  const state =
    runtime && (await readRuntime(runtimesDirectory, runtime, new AbortController().signal));
  if (state?.state !== "installed") throw new Error(`${name}: ${JSON.stringify(state)}`);
  const { combinations, attentions } = state.probe;
  return variants.filter(({ mode, dtype, parameters }) => {
    const attention = parameters?.["attention"];
    const isThere =
      combinations.some(([some, other]) => some === mode && other === dtype) &&
      (attention === undefined || attentions.includes(String(attention)));
    if (!isThere) process.stderr.write(`skipped: ${name} has no ${mode} ${dtype} here\n`);
    return isThere;
  });
}

const model = { kind: "built-in", name: "bert-tiny" } as const;
const plain = { threads: 1, model, seed, parameters: {} };

const present = runners.filter(([name]) => installedRuntimes.includes(name));

test.skipIf(present.length === 0).each(present)(
  "%s has the same weights and agrees with the other runners in every mode and number format",
  async (name, variants) => {
    const able = await offered(name, variants);
    const starts = able.flatMap((variant) =>
      (variant.shapes ?? shapes).map((shape) => ({ ...plain, shape, ...variant })),
    );
    const dumped = await dumpOutputs(name, starts);
    expect(dumped.weights).toBe(weightDigest());
    const wrong: string[] = [];
    for (const [index, start] of starts.entries()) {
      const { shape, mode, dtype, parameters } = start;
      const weights = makeWeights(sizeOf(model.name), seed);
      const exact = referenceEncoder(sizeOf(model.name), weights, paddedInputs(shape), shape);
      const what = `${name} ${mode} ${dtype} ${JSON.stringify(parameters)}`;
      const found = { what, dtype, output: dumped.outputs[index] ?? [] };
      wrong.push(...disagreement(found, exact, await onnxOutput(model.name, "fp32", shape)));
    }
    expect(wrong).toEqual([]);
  },
  // What it starts has bounds of its own, from how busy the host is; this one is for what has none.
  1_800_000,
);

/** bf16 has 8 bits of mantissa and int8 at most 8 of value; both lose some per cent over two layers. */
const tolerances: Readonly<Record<string, number>> = { bf16: 0.03, int8: 0.05 };

/** What is wrong with an output, or nothing. */
function disagreement(
  { what, dtype, output }: { what: string; dtype: string; output: ArrayLike<number> },
  exact: Float64Array,
  onnx: Float32Array,
): readonly string[] {
  if (dtype !== "fp32") {
    const error = relativeError(output, exact);
    // The same numbers as fp32 would mean that nothing was converted.
    const isFine = error > 1e-4 && error < (tolerances[dtype] ?? 0);
    return isFine ? [] : [`${what}: relative error ${error}`];
  }
  // Ten times closer than runners need to be: fp32 leaves some 1e-6 here.
  const most = Math.max(largestDifference(output, exact), largestDifference(output, onnx));
  return most < 1e-4 ? [] : [`${what}: off by ${most}`];
}

function weightDigest(): string {
  const weights = makeWeights(sizeOf("bert-tiny"), seed);
  const hash = createHash("sha256");
  for (const name of [...weightRules(sizeOf("bert-tiny")).keys()].sort()) {
    const { data } = weights(name);
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}
