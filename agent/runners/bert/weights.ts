import { streamKey, uniformFloats } from "./seeded.ts";
import { type BertSize, maxSequenceLength, tokenTypes, vocabularySize } from "./sizes.ts";

export interface Tensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** Weights by name, made when they are asked for: a large model need not stand in memory twice. */
export type Weights = (name: string) => Tensor;

interface TensorRule {
  readonly dims: readonly number[];
  readonly reach: number;
  readonly center: number;
}

/** Standard deviation 1 for a sum of `fanIn` terms of unit variance: activations neither die nor grow. */
function matrix(fanIn: number, fanOut: number): TensorRule {
  return { dims: [fanIn, fanOut], reach: Math.sqrt(3 / fanIn), center: 0 };
}

function vector(length: number, center: number): TensorRule {
  // Away from 0 and 1, so that a forgotten bias or gain shows in the output.
  return { dims: [length], reach: 0.1, center };
}

function table(rows: number, columns: number): TensorRule {
  return { dims: [rows, columns], reach: Math.sqrt(3), center: 0 };
}

/** Names and shapes of every weight; matrices are [input, output]. */
export function weightRules({ layers, hidden }: BertSize): ReadonlyMap<string, TensorRule> {
  const rules = new Map<string, TensorRule>([
    ["embeddings.word", table(vocabularySize, hidden)],
    ["embeddings.position", table(maxSequenceLength, hidden)],
    ["embeddings.token_type", table(tokenTypes, hidden)],
  ]);
  const addLinear = (name: string, fanIn: number, fanOut: number): void => {
    rules.set(`${name}.weight`, matrix(fanIn, fanOut));
    rules.set(`${name}.bias`, vector(fanOut, 0));
  };
  const addNorm = (name: string): void => {
    rules.set(`${name}.gain`, vector(hidden, 1));
    rules.set(`${name}.bias`, vector(hidden, 0));
  };
  addNorm("embeddings.norm");
  for (let layer = 0; layer < layers; layer++) {
    for (const part of ["query", "key", "value", "output"]) {
      addLinear(`layer.${layer}.attention.${part}`, hidden, hidden);
    }
    addNorm(`layer.${layer}.attention.norm`);
    addLinear(`layer.${layer}.intermediate`, hidden, 4 * hidden);
    addLinear(`layer.${layer}.output`, 4 * hidden, hidden);
    addNorm(`layer.${layer}.output.norm`);
  }
  return rules;
}

/** The seeded weights of a built-in model. @throws Error for a name that the model does not have. */
export function makeWeights(size: BertSize, seed: number): Weights {
  const rules = weightRules(size);
  return (name) => {
    const rule = rules.get(name);
    if (rule === undefined) throw new Error(`no weight is called ${name}`);
    const count = rule.dims.reduce((product, dim) => product * dim, 1);
    const data = uniformFloats(streamKey(seed, name), count, rule.reach, rule.center);
    return { name, dims: rule.dims, data };
  };
}
