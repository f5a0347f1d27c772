import { access, constants, open, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { arrivalPatterns } from "../../../shared/domain/arrival.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { describeFailure } from "../../../shared/runtime/describe-failure.ts";
import { bertSizes, encoderVersion } from "../bert/sizes.ts";
import { builtInModels } from "../built-in-models.ts";
import type { RunnersConfig } from "../catalogue-config.ts";
import type { CatalogueEntry, ModelSource, RunnerKind } from "../catalogue-entry.ts";
import { siblingProgram } from "../program.ts";

const name = "onnxruntime";

/** ONNX Runtime through its Node binding, whose CPU library is inside the package. */
export const onnxruntimeRunner: RunnerKind = {
  name,
  async declare(config) {
    const models = { ...builtInModels(), ...(await fileModels(config)) };
    const { version, unavailable } = await readInstalled();
    const entry: CatalogueEntry = {
      declaration: {
        name,
        version: `onnxruntime-node ${version}, encoder ${encoderVersion}`,
        unavailable,
        modes: ["graph"],
        dtypes: ["fp32", "int8"],
        models: Object.keys(models),
        parameters: {
          graph_optimization: {
            type: "choice",
            values: ["disabled", "basic", "extended", "layout", "all"],
            default: "all",
          },
          execution_mode: {
            type: "choice",
            values: ["sequential", "parallel"],
            default: "sequential",
          },
          interop_threads: { type: "integer", min: 1, max: 256, default: 1 },
          arena: { type: "flag", default: true },
          spinning: { type: "flag", default: true },
          thread_affinity: { type: "choice", values: ["none", "each"], default: "none" },
        },
        knobs: ["allocator", "allocator_tunables"],
        arrivals: arrivalPatterns,
      },
      argv: unavailable === null ? siblingProgram(import.meta.url, config.nodePath) : [],
      models,
    };
    return [entry];
  },
};

async function fileModels(config: RunnersConfig): Promise<Record<string, ModelSource>> {
  const models: Record<string, ModelSource> = {};
  for (const [model, { runner, path, dtype }] of Object.entries(config.models)) {
    if (runner !== name) continue;
    if (model in bertSizes) {
      throw new FleetsweepError(
        "config.invalid",
        `models.${model}: the name is a built-in model's`,
      );
    }
    if (path === undefined) {
      const what = `models.${model}: ${name} takes a path; ids of the hub are for PyTorch's runners`;
      throw new FleetsweepError("config.invalid", what);
    }
    await checkModelFile(model, path);
    models[model] = { kind: "file", path, dtype };
  }
  return models;
}

/** An ONNX file starts with its `ir_version`: field 1 as a varint, which is the byte 0x08. */
const onnxFirstByte = 0x08;

async function checkModelFile(model: string, path: string): Promise<void> {
  let firstByte: number | undefined;
  try {
    firstByte = await readFirstByte(path);
  } catch (cause) {
    const found = describeFailure(cause);
    throw new FleetsweepError("config.invalid", `models.${model}: cannot read ${path}: ${found}`, {
      cause,
    });
  }
  if (firstByte !== onnxFirstByte) {
    throw new FleetsweepError("config.invalid", `models.${model}: ${path} is no ONNX file`);
  }
}

async function readFirstByte(path: string): Promise<number | undefined> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(1), 0, 1, 0);
    return bytesRead === 1 ? buffer[0] : undefined;
  } finally {
    await file.close();
  }
}

async function readInstalled(): Promise<{ version: string; unavailable: string | null }> {
  const require = createRequire(import.meta.url);
  try {
    const manifest = require.resolve("onnxruntime-node/package.json");
    const { version } = JSON.parse(await readFile(manifest, "utf8")) as { version: string };
    // Any require of the package would load the library into the agent itself.
    const library = "bin/napi-v6/linux/x64/onnxruntime_binding.node";
    await access(join(dirname(manifest), library), constants.R_OK);
    return { version, unavailable: null };
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return { version: "unknown", unavailable: `onnxruntime-node cannot be loaded: ${found}` };
  }
}
