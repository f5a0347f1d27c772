import { type InferenceSession, Tensor } from "onnxruntime-node";
import { type BertInputs, makeInputs } from "../bert/inputs.ts";
import { type CallShape, RunnerFault } from "../kit/workload.ts";

/** Roles by which inputs are filled; anything else gets zeros. */
const roles: Readonly<Record<string, (inputs: BertInputs) => BigInt64Array>> = {
  input_ids: (inputs) => inputs.inputIds,
  attention_mask: (inputs) => inputs.attentionMask,
  token_type_ids: (inputs) => inputs.tokenTypeIds,
};

/** Inputs of zeros, by the types that are filled. */
const emptyTensors: Partial<
  Record<Tensor.Type, (count: number, dims: readonly number[]) => Tensor>
> = {
  int64: (count, dims) => new Tensor("int64", new BigInt64Array(count), dims),
  int32: (count, dims) => new Tensor("int32", new Int32Array(count), dims),
  float32: (count, dims) => new Tensor("float32", new Float32Array(count), dims),
};

/**
 * Seeded inputs of a shape for whatever the model declares: named dimensions take the batch size or
 * the sequence length, by their name or else by their place.
 * @throws RunnerFault cell-unsupported where the model fixes another size or takes another type.
 */
export function makeFeeds(
  metadata: readonly InferenceSession.ValueMetadata[],
  shape: CallShape,
  seed: number,
): Record<string, Tensor> {
  return Object.fromEntries(metadata.map((input) => [input.name, makeTensor(input, shape, seed)]));
}

function makeTensor(input: InferenceSession.ValueMetadata, shape: CallShape, seed: number): Tensor {
  if (!input.isTensor) throw unsupported(`input ${input.name} is no tensor`);
  const dims = input.shape.map((dim, index) => resolveDimension(input.name, [dim, index], shape));
  const count = dims.reduce((product, dim) => product * dim, 1);
  const role = roles[input.name];
  if (role !== undefined && input.type === "int64" && dims.length === 2) {
    return new Tensor("int64", role(makeInputs(dims[0] ?? 1, dims[1] ?? 1, seed)), dims);
  }
  const make = emptyTensors[input.type];
  if (make === undefined) throw unsupported(`input ${input.name} has the type ${input.type}`);
  return make(count, dims);
}

function resolveDimension(
  input: string,
  [dim, index]: readonly [dim: string | number, index: number],
  { batchSize, sequenceLength }: CallShape,
): number {
  const wanted = wantedSize(dim, index, { batchSize, sequenceLength });
  if (typeof dim === "number") {
    // Only the first two dimensions are the sweep's; sizes further in belong to the model.
    if (index < 2 && wanted !== null && wanted !== dim) {
      throw unsupported(`dimension ${index} of input ${input} is fixed to ${dim}, not ${wanted}`);
    }
    return dim;
  }
  if (wanted === null) throw unsupported(`input ${input} needs a size for dimension "${dim}"`);
  return wanted;
}

function wantedSize(dim: string | number, index: number, shape: CallShape): number | null {
  if (typeof dim === "string" && /batch/i.test(dim)) return shape.batchSize;
  if (typeof dim === "string" && /seq|length/i.test(dim)) return shape.sequenceLength;
  if (index === 0) return shape.batchSize;
  return index === 1 ? shape.sequenceLength : null;
}

function unsupported(message: string): RunnerFault {
  return new RunnerFault("cell-unsupported", message);
}
