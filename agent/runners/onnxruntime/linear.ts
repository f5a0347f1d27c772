import type { Tensor, Weights } from "../bert/weights.ts";
import type { GraphBuilder } from "./graph-builder.ts";
import { dataType } from "./onnx-proto.ts";

/** Adds x·W + b for the weights called `name`; the builder sees to it that `x` is quantised once. */
export type AddLinear = (x: string, name: string) => string;

/** Single precision: MatMul and Add. */
export function floatLinear(graph: GraphBuilder, weights: Weights): AddLinear {
  return (x, name) => {
    const product = graph.node("MatMul", [x, addFloats(graph, weights(`${name}.weight`))]);
    return graph.node("Add", [product, addFloats(graph, weights(`${name}.bias`))]);
  };
}

/**
 * Dynamic quantisation: activations to unsigned 8 bits by their range in this call, weights to signed
 * 7 bits with one scale a matrix. The eighth bit stays free because without VNNI the 8-bit
 * multiply-add of x86 saturates its 16-bit sums, and results would differ between hosts.
 */
export function quantisedLinear(graph: GraphBuilder, weights: Weights): AddLinear {
  const quantised = new Map<string, readonly string[]>();
  return (x, name) => {
    const input = quantised.get(x) ?? graph.nodes("DynamicQuantizeLinear", [x], { outputs: 3 });
    quantised.set(x, input);
    const [values = "", scale = "", zeroPoint = ""] = input;
    const weight = quantise(weights(`${name}.weight`));
    const matrix = graph.bytes(`${name}.weight`, weight.dims, weight.data);
    const sums = graph.node("MatMulInteger", [values, matrix, zeroPoint]);
    const factor = graph.node("Mul", [
      scale,
      graph.floats(`${name}.scale`, [1], Float32Array.of(weight.scale)),
    ]);
    const product = graph.node("Mul", [graph.node("Cast", [sums], { to: dataType.float }), factor]);
    return graph.node("Add", [product, addFloats(graph, weights(`${name}.bias`))]);
  };
}

/** The largest magnitude of a signed 7-bit weight. */
const quantisedMax = 63;

function quantise({ dims, data }: Tensor) {
  let max = 0;
  for (let i = 0; i < data.length; i++) max = Math.max(max, Math.abs(data[i] ?? 0));
  const scale = max / quantisedMax;
  const bytes = new Int8Array(data.length);
  const steps = quantisedMax / max;
  for (let i = 0; i < data.length; i++) bytes[i] = Math.floor((data[i] ?? 0) * steps + 0.5);
  return { dims, data: bytes, scale };
}

/** Adds a float weight under its own name. */
export function addFloats(graph: GraphBuilder, { name, dims, data }: Tensor): string {
  return graph.floats(name, dims, data);
}
