import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { type InferenceSession, Tensor } from "onnxruntime-node";
import type { StartMessage } from "../../runner/contract.ts";
import type { CallShape, LoadWorkload, PreparedCall } from "../kit/workload.ts";
import { makeFeeds } from "./feeds.ts";
import { loadModel } from "./model.ts";
import { toSessionOptions } from "./session-options.ts";

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
    prepare: (shape) => Promise.resolve(prepareCall(session, start, shape)),
  };
};

function prepareCall(
  session: InferenceSession,
  start: StartMessage,
  shape: CallShape,
): PreparedCall {
  const feeds = makeFeeds(session.inputMetadata, shape, start.seed);
  let last: InferenceSession.ReturnType = {};
  return {
    async call() {
      last = await session.run(feeds);
    },
    checksum: () => checksum(last),
  };
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
  return { "onnxruntime-node": version, encoder: "1" };
}
