import {
  attributeType,
  type DataType,
  dataType,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from "./onnx-proto.ts";

type Attributes = Readonly<Record<string, number | readonly number[]>>;

/** Attributes whose type is float though their value may be a whole number. */
const floatAttributes = new Set(["epsilon"]);

/** Collects nodes and weights; every method returns the name of the value that it adds. */
export class GraphBuilder {
  readonly #nodes: OnnxNode[] = [];
  readonly #tensors = new Map<string, OnnxTensor>();

  /** Adds a node with one output. */
  node(op: string, input: readonly string[], attributes: Attributes = {}): string {
    return this.nodes(op, input, { outputs: 1, attributes })[0] ?? "";
  }

  /** Adds a node with several outputs. */
  nodes(
    op: string,
    input: readonly string[],
    { outputs, attributes = {} }: { outputs: number; attributes?: Attributes },
  ): string[] {
    const name = `${op}_${this.#nodes.length}`;
    const output = Array.from({ length: outputs }, (_, index) => `${name}:${index}`);
    const attribute = Object.entries(attributes).map(toAttribute);
    this.#nodes.push({ op_type: op, name, input, output, attribute });
    return output;
  }

  /** Gives a value the name of a graph output. */
  output(name: string, value: string): void {
    const node = { op_type: "Identity", name, input: [value], output: [name], attribute: [] };
    this.#nodes.push(node);
  }

  floats(name: string, dims: readonly number[], data: Float32Array): string {
    return this.#tensor(name, dims, dataType.float, data);
  }

  bytes(name: string, dims: readonly number[], data: Int8Array): string {
    return this.#tensor(name, dims, dataType.int8, data);
  }

  /** A small constant list of int64, such as a shape; equal lists are kept once. */
  ints(values: readonly number[]): string {
    const data = BigInt64Array.from(values, BigInt);
    return this.#tensor(`ints:${values.join(",")}`, [values.length], dataType.int64, data);
  }

  intScalar(value: number): string {
    return this.#tensor(`int:${value}`, [], dataType.int64, BigInt64Array.of(BigInt(value)));
  }

  floatScalar(value: number): string {
    return this.floats(`float:${value}`, [], Float32Array.of(value));
  }

  build(name: string, input: readonly OnnxValue[], output: readonly OnnxValue[]): OnnxGraph {
    return { name, node: this.#nodes, initializer: [...this.#tensors.values()], input, output };
  }

  #tensor(name: string, dims: readonly number[], type: DataType, data: ArrayBufferView): string {
    const raw_data = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#tensors.set(name, { name, dims, data_type: type, raw_data });
    return name;
  }
}

/** An input or output whose dimensions are sizes or names. */
export function valueInfo(
  name: string,
  elem_type: DataType,
  dims: readonly (string | number)[],
): OnnxValue {
  const dim = dims.map((size) =>
    typeof size === "string" ? { dim_param: size } : { dim_value: size },
  );
  return { name, type: { tensor_type: { elem_type, shape: { dim } } } };
}

function toAttribute([name, value]: [string, number | readonly number[]]): OnnxAttribute {
  if (typeof value !== "number") return { name, type: attributeType.ints, ints: value };
  return floatAttributes.has(name)
    ? { name, type: attributeType.float, f: value }
    : { name, type: attributeType.int, i: value };
}
