import { type BertSize, layerNormEpsilon } from "../bert/sizes.ts";
import { makeWeights, type Weights } from "../bert/weights.ts";
import { GraphBuilder, valueInfo } from "./graph-builder.ts";
import { type AddLinear, addFloats, floatLinear, quantisedLinear } from "./linear.ts";
import { dataType, encodeModel } from "./onnx-proto.ts";

/** The first opset with LayerNormalization. */
const opset = 17;

export const outputName = "last_hidden_state";

/** What is added to the scores of padding, as BERT does. */
const maskedScore = -10_000;

interface Encoder {
  readonly graph: GraphBuilder;
  readonly size: BertSize;
  readonly weights: Weights;
  readonly linear: AddLinear;
}

/**
 * The encoder as an ONNX file: `input_ids`, `attention_mask`, `token_type_ids` (int64, [batch,
 * sequence]) to `last_hidden_state` (float, [batch, sequence, hidden]). No pooler.
 */
export function buildEncoder(size: BertSize, dtype: "fp32" | "int8", seed: number): Uint8Array {
  const graph = new GraphBuilder();
  const weights = makeWeights(size, seed);
  const makeLinear = dtype === "fp32" ? floatLinear : quantisedLinear;
  const encoder = { graph, size, weights, linear: makeLinear(graph, weights) };
  const mask = addMask(graph);
  let states = addEmbeddings(encoder);
  for (let layer = 0; layer < size.layers; layer++) {
    states = addLayer(encoder, `layer.${layer}`, { states, mask });
  }
  graph.output(outputName, states);
  const ids = ["input_ids", "attention_mask", "token_type_ids"];
  const built = graph.build(
    "encoder",
    ids.map((name) => valueInfo(name, dataType.int64, ["batch", "sequence"])),
    [valueInfo(outputName, dataType.float, ["batch", "sequence", size.hidden])],
  );
  return encodeModel(built, opset);
}

/** 0 where there is a token and {@link maskedScore} where there is padding, [batch, 1, 1, sequence]. */
function addMask(graph: GraphBuilder): string {
  const floats = graph.node("Cast", ["attention_mask"], { to: dataType.float });
  const padding = graph.node("Sub", [graph.floatScalar(1), floats]);
  const scores = graph.node("Mul", [padding, graph.floatScalar(maskedScore)]);
  return graph.node("Unsqueeze", [scores, graph.ints([1, 2])]);
}

function addEmbeddings(encoder: Encoder): string {
  const { graph, weights } = encoder;
  const shape = graph.node("Shape", ["input_ids"]);
  const length = graph.node("Gather", [shape, graph.intScalar(1)]);
  const positions = graph.node("Range", [graph.intScalar(0), length, graph.intScalar(1)]);
  const look = (name: string, ids: string): string =>
    graph.node("Gather", [addFloats(graph, weights(name)), ids]);
  const words = look("embeddings.word", "input_ids");
  const types = look("embeddings.token_type", "token_type_ids");
  const sum = graph.node("Add", [words, types]);
  const all = graph.node("Add", [sum, look("embeddings.position", positions)]);
  return addNorm(encoder, "embeddings.norm", all);
}

function addLayer(
  encoder: Encoder,
  name: string,
  { states, mask }: { states: string; mask: string },
): string {
  const { graph, linear } = encoder;
  const context = addAttention(encoder, `${name}.attention`, { states, mask });
  const attended = linear(context, `${name}.attention.output`);
  const middle = addNorm(encoder, `${name}.attention.norm`, graph.node("Add", [attended, states]));
  const wide = addGelu(graph, linear(middle, `${name}.intermediate`));
  const narrow = linear(wide, `${name}.output`);
  return addNorm(encoder, `${name}.output.norm`, graph.node("Add", [narrow, middle]));
}

function addAttention(
  { graph, size, linear }: Encoder,
  name: string,
  { states, mask }: { states: string; mask: string },
): string {
  const headSize = size.hidden / size.heads;
  const split = (part: string, perm: readonly number[]): string => {
    const projected = linear(states, `${name}.${part}`);
    const heads = graph.node("Reshape", [projected, graph.ints([0, 0, size.heads, headSize])]);
    return graph.node("Transpose", [heads], { perm });
  };
  const query = split("query", [0, 2, 1, 3]);
  const key = split("key", [0, 2, 3, 1]);
  const value = split("value", [0, 2, 1, 3]);
  const products = graph.node("MatMul", [query, key]);
  const scaled = graph.node("Div", [products, graph.floatScalar(Math.sqrt(headSize))]);
  const masked = graph.node("Add", [scaled, mask]);
  const probabilities = graph.node("Softmax", [masked], { axis: -1 });
  const mixed = graph.node("MatMul", [probabilities, value]);
  const merged = graph.node("Transpose", [mixed], { perm: [0, 2, 1, 3] });
  return graph.node("Reshape", [merged, graph.ints([0, 0, size.hidden])]);
}

/** x/2 · (1 + erf(x/√2)), in the order of operations that ONNX Runtime recognises and fuses. */
function addGelu(graph: GraphBuilder, x: string): string {
  const scaled = graph.node("Div", [x, graph.floatScalar(Math.SQRT2)]);
  const erf = graph.node("Add", [graph.node("Erf", [scaled]), graph.floatScalar(1)]);
  return graph.node("Mul", [graph.node("Mul", [x, erf]), graph.floatScalar(0.5)]);
}

function addNorm({ graph, weights }: Encoder, name: string, x: string): string {
  const gain = addFloats(graph, weights(`${name}.gain`));
  const bias = addFloats(graph, weights(`${name}.bias`));
  return graph.node("LayerNormalization", [x, gain, bias], {
    axis: -1,
    epsilon: layerNormEpsilon,
  });
}
