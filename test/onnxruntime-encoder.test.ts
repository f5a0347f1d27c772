import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { type BertInputs, makeInputs } from "../agent/runners/bert/inputs.ts";
import { bertSizes } from "../agent/runners/bert/sizes.ts";
import { makeWeights } from "../agent/runners/bert/weights.ts";
import { buildEncoder, outputName } from "../agent/runners/onnxruntime/encoder-graph.ts";
import { referenceEncoder } from "./bert-reference.ts";

const tiny = bertSizes["bert-tiny"] ?? { layers: 0, hidden: 0, heads: 1 };
const shape = [2, 12] as const;
const seed = 7;

/** Two sequences; the second is padded by four tokens and changes its token type half-way. */
function paddedInputs(): BertInputs {
  const inputs = makeInputs(...shape, seed);
  inputs.attentionMask.fill(0n, 20);
  inputs.tokenTypeIds.fill(1n, 18);
  return inputs;
}

async function runEncoder(
  dtype: "fp32" | "int8",
  level: "disabled" | "all",
): Promise<Float32Array> {
  const session = await InferenceSession.create(buildEncoder(tiny, dtype, seed), {
    graphOptimizationLevel: level,
    intraOpNumThreads: 1,
  });
  const inputs = paddedInputs();
  const outputs = await session.run({
    input_ids: new Tensor("int64", inputs.inputIds, shape),
    attention_mask: new Tensor("int64", inputs.attentionMask, shape),
    token_type_ids: new Tensor("int64", inputs.tokenTypeIds, shape),
  });
  const output = outputs[outputName];
  if (!(output instanceof Tensor)) throw new Error("no output");
  expect(output.dims).toEqual([...shape, tiny.hidden]);
  return output.data as Float32Array;
}

const expected = referenceEncoder(tiny, makeWeights(tiny, seed), paddedInputs(), shape);

test.each(["disabled", "all"] as const)(
  "fp32 agrees with an independent encoder to 1e-4 with graph optimisation %s",
  async (level) => {
    const found = await runEncoder("fp32", level);
    const differences = found.map((value, i) => Math.abs(value - (expected[i] ?? 0)));
    expect(Math.max(...differences)).toBeLessThan(1e-4);
  },
);

test.each(["disabled", "all"] as const)(
  "int8 agrees to 2 % of the norm with graph optimisation %s",
  async (level) => {
    const found = await runEncoder("int8", level);
    let difference = 0;
    let norm = 0;
    for (const [i, value] of expected.entries()) {
      difference += ((found[i] ?? 0) - value) ** 2;
      norm += value ** 2;
    }
    const relative = Math.sqrt(difference / norm);
    expect(relative).toBeLessThan(0.02);
    // Quantised at all: the same numbers as fp32 would mean that nothing was.
    expect(relative).toBeGreaterThan(1e-4);
  },
);

test("the reference tells a model with another seed apart", () => {
  const other = referenceEncoder(tiny, makeWeights(tiny, seed + 1), paddedInputs(), shape);
  const differences = other.map((value, i) => Math.abs(value - (expected[i] ?? 0)));
  expect(Math.max(...differences)).toBeGreaterThan(1);
});
