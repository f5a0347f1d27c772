import type { RunnerDeclaration } from "../domain/runner-declaration.ts";

/** Declarations in the shape of the real ones, for tests that plan. */
export const onnxruntimeDeclaration: RunnerDeclaration = {
  name: "onnxruntime",
  version: "onnxruntime-node 1.30.0",
  unavailable: null,
  modes: ["graph"],
  dtypes: ["fp32", "int8"],
  models: ["bert-tiny", "bert-mini", "bert-small", "bert-medium", "bert-base", "bert-large"],
  parameters: {
    arena: { type: "flag", default: true },
    graph_optimization: {
      type: "choice",
      values: ["off", "basic", "extended", "all"],
      default: "all",
    },
    spin_microseconds: { type: "integer", min: 0, max: 1_000_000, default: 1_000 },
  },
  knobs: ["allocator", "allocator_tunables", "thp", "interop_threads"],
};

export const pytorchDeclaration: RunnerDeclaration = {
  name: "pytorch",
  version: "torch 2.9.1",
  unavailable: null,
  modes: ["eager", "graph"],
  dtypes: ["fp32", "bf16", "int8"],
  models: ["bert-base", "bert-large"],
  parameters: {},
  knobs: [
    "allocator",
    "allocator_tunables",
    "openmp",
    "openmp_binding",
    "kmp_blocktime",
    "wait_policy",
    "thp",
    "interop_threads",
  ],
};

export const tensorflowDeclaration: RunnerDeclaration = {
  name: "tensorflow",
  version: "tensorflow 2.20.0",
  unavailable: null,
  modes: ["eager", "graph"],
  dtypes: ["fp32", "bf16"],
  models: ["bert-base", "bert-large"],
  parameters: {},
  knobs: ["allocator", "allocator_tunables", "thp", "onednn", "interop_threads"],
};
