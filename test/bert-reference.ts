import type { BertInputs } from "../agent/runners/bert/inputs.ts";
import { type BertSize, layerNormEpsilon } from "../agent/runners/bert/sizes.ts";
import type { Weights } from "../agent/runners/bert/weights.ts";

/**
 * BERT's encoder in plain loops and double precision, written from the paper's equations and sharing
 * nothing with the graph but the weights: what the runners' outputs are compared with.
 */
export function referenceEncoder(
  size: BertSize,
  weights: Weights,
  inputs: BertInputs,
  shape: readonly [batch: number, sequence: number],
): Float64Array {
  const [batch, sequence] = shape;
  const output = new Float64Array(batch * sequence * size.hidden);
  for (let b = 0; b < batch; b++) {
    const states = encodeSequence(size, weights, sliceInputs(inputs, b * sequence, sequence));
    states.forEach((row, i) => output.set(row, (b * sequence + i) * size.hidden));
  }
  return output;
}

type Rows = number[][];

function sliceInputs(inputs: BertInputs, from: number, count: number): BertInputs {
  const part = (values: BigInt64Array): BigInt64Array => values.slice(from, from + count);
  return {
    inputIds: part(inputs.inputIds),
    attentionMask: part(inputs.attentionMask),
    tokenTypeIds: part(inputs.tokenTypeIds),
  };
}

function encodeSequence(size: BertSize, weights: Weights, inputs: BertInputs): Rows {
  const look = (name: string, row: number): number[] =>
    Array.from(weights(name).data.subarray(row * size.hidden, (row + 1) * size.hidden));
  const embedded = Array.from(inputs.inputIds, (id, position) => {
    const word = look("embeddings.word", Number(id));
    const place = look("embeddings.position", position);
    const type = look("embeddings.token_type", Number(inputs.tokenTypeIds[position]));
    return word.map((value, i) => value + (place[i] ?? 0) + (type[i] ?? 0));
  });
  let states = norm(embedded, weights, "embeddings.norm");
  for (let layer = 0; layer < size.layers; layer++) {
    const name = `layer.${layer}`;
    const context = attend(size, weights, { name: `${name}.attention`, states, inputs });
    const attended = linear(context, weights, `${name}.attention.output`);
    const middle = norm(add(attended, states), weights, `${name}.attention.norm`);
    const wide = linear(middle, weights, `${name}.intermediate`).map((row) => row.map(gelu));
    const narrow = linear(wide, weights, `${name}.output`);
    states = norm(add(narrow, middle), weights, `${name}.output.norm`);
  }
  return states;
}

function attend(
  { hidden, heads }: BertSize,
  weights: Weights,
  { name, states, inputs }: { name: string; states: Rows; inputs: BertInputs },
): Rows {
  const width = hidden / heads;
  const [query, key, value] = ["query", "key", "value"].map((part) =>
    linear(states, weights, `${name}.${part}`),
  ) as [Rows, Rows, Rows];
  const context = states.map(() => Array.from({ length: hidden }, () => 0));
  for (let head = 0; head < heads; head++) {
    const at = head * width;
    for (const [i, queried] of query.entries()) {
      const scores = key.map((keyed, j) => {
        let dot = 0;
        for (let k = at; k < at + width; k++) dot += (queried[k] ?? 0) * (keyed[k] ?? 0);
        return dot / Math.sqrt(width) + (inputs.attentionMask[j] === 1n ? 0 : -10_000);
      });
      const highest = Math.max(...scores);
      const powers = scores.map((score) => Math.exp(score - highest));
      const sum = powers.reduce((a, b) => a + b, 0);
      const row = context[i] ?? [];
      for (let k = at; k < at + width; k++) {
        row[k] = powers.reduce((mix, power, j) => mix + (power / sum) * (value[j]?.[k] ?? 0), 0);
      }
    }
  }
  return context;
}

function linear(rows: Rows, weights: Weights, name: string): Rows {
  const { data, dims } = weights(`${name}.weight`);
  const bias = weights(`${name}.bias`).data;
  const [fanIn = 0, fanOut = 0] = dims;
  return rows.map((row) => {
    const result = Array.from(bias);
    for (let i = 0; i < fanIn; i++) {
      const x = row[i] ?? 0;
      for (let o = 0; o < fanOut; o++)
        result[o] = (result[o] ?? 0) + x * (data[i * fanOut + o] ?? 0);
    }
    return result;
  });
}

function norm(rows: Rows, weights: Weights, name: string): Rows {
  const gain = weights(`${name}.gain`).data;
  const bias = weights(`${name}.bias`).data;
  return rows.map((row) => {
    const mean = row.reduce((a, b) => a + b, 0) / row.length;
    const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / row.length;
    const scale = 1 / Math.sqrt(variance + layerNormEpsilon);
    return row.map((x, i) => (x - mean) * scale * (gain[i] ?? 0) + (bias[i] ?? 0));
  });
}

function add(a: Rows, b: Rows): Rows {
  return a.map((row, i) => row.map((x, j) => x + (b[i]?.[j] ?? 0)));
}

function gelu(x: number): number {
  return 0.5 * x * (1 + erf(x / Math.SQRT2));
}

/** erf by its Maclaurin series up to |x| = 4, beyond which it is ±1 to 1.6e-8. */
function erf(x: number): number {
  if (Math.abs(x) > 4) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 200; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
