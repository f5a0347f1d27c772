import protobuf from "protobufjs/light.js";

/**
 * The part of onnx.proto3 that an encoder needs, with its field numbers.
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3
 */
const descriptor: protobuf.INamespace = {
  nested: {
    OperatorSet: message({ domain: [1, "string"], version: [2, "int64"] }),
    Dimension: message({ dim_value: [1, "int64"], dim_param: [2, "string"] }),
    Shape: message({ dim: [1, "Dimension", "repeated"] }),
    TensorType: message({ elem_type: [1, "int32"], shape: [2, "Shape"] }),
    ValueType: message({ tensor_type: [1, "TensorType"] }),
    ValueInfo: message({ name: [1, "string"], type: [2, "ValueType"] }),
    Attribute: message({
      name: [1, "string"],
      f: [2, "float"],
      i: [3, "int64"],
      ints: [8, "int64", "repeated"],
      type: [20, "int32"],
    }),
    Node: message({
      input: [1, "string", "repeated"],
      output: [2, "string", "repeated"],
      name: [3, "string"],
      op_type: [4, "string"],
      attribute: [5, "Attribute", "repeated"],
    }),
    Tensor: message({
      dims: [1, "int64", "repeated"],
      data_type: [2, "int32"],
      name: [8, "string"],
      raw_data: [9, "bytes"],
    }),
    Graph: message({
      node: [1, "Node", "repeated"],
      name: [2, "string"],
      initializer: [5, "Tensor", "repeated"],
      input: [11, "ValueInfo", "repeated"],
      output: [12, "ValueInfo", "repeated"],
    }),
    Model: message({
      ir_version: [1, "int64"],
      producer_name: [2, "string"],
      graph: [7, "Graph"],
      opset_import: [8, "OperatorSet", "repeated"],
    }),
  },
};

type FieldRule = readonly [id: number, type: string, rule?: "repeated"];

function message(fields: Record<string, FieldRule>): protobuf.IType {
  const entries = Object.entries(fields).map(([name, [id, type, rule]]) => [
    name,
    rule === undefined ? { id, type } : { id, type, rule },
  ]);
  return { fields: Object.fromEntries(entries) };
}

/** TensorProto.DataType. */
export const dataType = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7 } as const;

export type DataType = (typeof dataType)[keyof typeof dataType];

/** AttributeProto.AttributeType. */
export const attributeType = { float: 1, int: 2, ints: 7 } as const;

// Field names stay as onnx.proto3 has them.
const modelType = protobuf.Root.fromJSON(descriptor).lookupType("Model");

export interface OnnxGraph {
  readonly name: string;
  readonly node: readonly OnnxNode[];
  readonly initializer: readonly OnnxTensor[];
  readonly input: readonly OnnxValue[];
  readonly output: readonly OnnxValue[];
}

export interface OnnxNode {
  readonly op_type: string;
  readonly name: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly OnnxAttribute[];
}

export interface OnnxAttribute {
  readonly name: string;
  readonly type: number;
  readonly f?: number;
  readonly i?: number;
  readonly ints?: readonly number[];
}

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data_type: DataType;
  readonly raw_data: Uint8Array;
}

export interface OnnxValue {
  readonly name: string;
  readonly type: {
    readonly tensor_type: {
      readonly elem_type: DataType;
      readonly shape: {
        readonly dim: readonly { readonly dim_param?: string; readonly dim_value?: number }[];
      };
    };
  };
}

/** Protobuf's own bound: sizes inside a message are signed 32-bit. */
const maxModelBytes = 2 ** 31 - 1;

/** Serialises a graph of the given opset. @throws Error when it would pass protobuf's 2 GiB. */
export function encodeModel(graph: OnnxGraph, opset: number): Uint8Array {
  const weightBytes = graph.initializer.reduce((sum, tensor) => sum + tensor.raw_data.length, 0);
  if (weightBytes > maxModelBytes * 0.99) {
    throw new Error(`the model's weights take ${weightBytes} bytes; one ONNX file holds 2 GiB`);
  }
  const model = {
    ir_version: 8,
    producer_name: "fleetsweep",
    graph,
    opset_import: [{ domain: "", version: opset }],
  };
  return modelType.encode(model).finish();
}
