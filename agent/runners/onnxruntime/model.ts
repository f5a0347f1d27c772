import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, constants } from "node:fs/promises";
import { InferenceSession } from "onnxruntime-node";
import type { StartMessage } from "../../runner/contract.ts";
import { bertSizes } from "../bert/sizes.ts";
import { RunnerFault } from "../kit/workload.ts";
import { buildEncoder } from "./encoder-graph.ts";

export interface LoadedModel {
  readonly session: InferenceSession;
  /** SHA-256 of the ONNX file, built or given. */
  readonly sha256: string;
}

/**
 * Builds or reads the model and makes its session.
 * @throws RunnerFault model-missing, model-invalid.
 */
export async function loadModel(
  start: StartMessage,
  options: InferenceSession.SessionOptions,
): Promise<LoadedModel> {
  return start.model.kind === "built-in"
    ? await loadBuiltIn(start, options)
    : await loadFile(start.model.path, options);
}

async function loadBuiltIn(
  { model, dtype, seed }: StartMessage,
  options: InferenceSession.SessionOptions,
): Promise<LoadedModel> {
  const size = bertSizes[model.name];
  if (size === undefined || (dtype !== "fp32" && dtype !== "int8")) {
    throw new RunnerFault("model-missing", `there is no built-in ${model.name} in ${dtype}`);
  }
  const bytes = buildEncoder(size, dtype, seed);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { session: await InferenceSession.create(bytes, options), sha256 };
}

async function loadFile(
  path: string,
  options: InferenceSession.SessionOptions,
): Promise<LoadedModel> {
  try {
    await access(path, constants.R_OK);
  } catch (error) {
    throw new RunnerFault("model-missing", `cannot read ${path}`, { cause: error });
  }
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  try {
    const session = await InferenceSession.create(path, options);
    return { session, sha256: hash.digest("hex") };
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new RunnerFault("model-invalid", `${path} is no model for ONNX Runtime: ${found}`);
  }
}
