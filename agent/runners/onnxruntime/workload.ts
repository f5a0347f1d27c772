import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { type InferenceSession, Tensor } from "onnxruntime-node";
import type { StartMessage } from "../../runner/contract.ts";
import { encoderVersion, maxSequenceLength } from "../bert/sizes.ts";
import {
  type CallShape,
  type LoadWorkload,
  type PreparedCall,
  RunnerFault,
} from "../kit/workload.ts";
import { makeFeeds } from "./feeds.ts";
import { loadModel } from "./model.ts";
import { runOptions, toSessionOptions } from "./session-options.ts";

/** ONNX Runtime on the CPU, with a built-in encoder or a file of the host's operator. */
export const loadOnnx: LoadWorkload = async (start) => {
  const options = toSessionOptions(start);
  const { session, sha256 } = await loadModel(start, options);
  return {
    versions: readVersions(),
    threads: start.threads,
    readback: {
      provider: "cpu",
      graph_optimization: options.graphOptimizationLevel ?? null,
      execution_mode: options.executionMode ?? null,
      arena: options.enableCpuMemArena ?? null,
      model_sha256: sha256,
    },
    prepare: async (shape) => prepareCall(session, start, shape),
  };
};

function prepareCall(
  session: InferenceSession,
  start: StartMessage,
  shape: CallShape,
): PreparedCall {
  const { sequenceLength } = shape;
  const isTooLong = sequenceLength !== null && sequenceLength > maxSequenceLength;
  if (start.model.kind === "built-in" && isTooLong) {
    const bound = `${start.model.name} has ${maxSequenceLength} positions`;
    throw new RunnerFault("cell-unsupported", `sequence length ${sequenceLength}: ${bound}`);
  }
  const feeds = makeFeeds(session.inputMetadata, shape, start.seed);
  let last: InferenceSession.ReturnType = {};
  return {
    async call() {
      try {
        last = await session.run(feeds, runOptions);
      } catch (error) {
        throw toFault(error);
      }
    },
    checksum: () => checksum(last),
  };
}

/** ONNX Runtime says why only in the text of its errors. */
function toFault(error: unknown): RunnerFault {
  const message = error instanceof Error ? error.message : String(error);
  const isMemory = /bad_alloc|failed to allocate|out of memory/i.test(message);
  return new RunnerFault(isMemory ? "out-of-memory" : "cell-unsupported", message);
}

/** SHA-256 over the outputs' bytes in the order of their names, cut to 16 hex digits. */
function checksum(outputs: InferenceSession.ReturnType): string {
  const hash = createHash("sha256");
  for (const name of Object.keys(outputs).sort()) {
    const output = outputs[name];
    if (!(output instanceof Tensor) || !ArrayBuffer.isView(output.data)) continue;
    const { buffer, byteOffset, byteLength } = output.data;
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest("hex").slice(0, 16);
}

function readVersions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const { version } = require("onnxruntime-node/package.json") as { version: string };
  return { "onnxruntime-node": version, encoder: encoderVersion };
}
