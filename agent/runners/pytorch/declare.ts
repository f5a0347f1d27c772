import { access } from "node:fs/promises";
import { join } from "node:path";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { bertSizes, encoderVersion } from "../bert/sizes.ts";
import { builtInModels } from "../built-in-models.ts";
import type { ModelConfig, RunnersConfig } from "../catalogue-config.ts";
import type { ModelSource, RunnerKind } from "../catalogue-entry.ts";
import { declareRuntimes } from "../runtimes/declare.ts";
import { findInHubCache } from "./hub-cache.ts";

/** PyTorch in every Python environment that has it: the runner's name is the runtime's. */
export const pytorchRunners: RunnerKind = {
  name: "pytorch",
  declare: (config) =>
    declareRuntimes(
      {
        framework: "pytorch",
        usual: { modes: ["eager", "graph", "compile"], dtypes: ["fp32", "bf16", "int8"] },
        knobs: [
          "allocator",
          "allocator_tunables",
          "openmp",
          "openmp_binding",
          "kmp_blocktime",
          "wait_policy",
          "gomp_spincount",
          "onednn_isa",
        ],
        parameters: (probe) => ({
          interop_threads: { type: "integer", min: 1, max: 256, default: 1 },
          onednn: { type: "choice", values: ["default", "off", "on"], default: "default" },
          attention: {
            type: "choice",
            values: probe === null ? ["explicit", "sdpa"] : probe.attentions,
            default: "explicit",
          },
        }),
        refusals: ({ build }) =>
          build.onednn_version === null
            ? { onednn: { on: "this PyTorch was built without oneDNN" } }
            : {},
        models,
        version: ({ version, transformers }) => {
          const hub = transformers === null ? "" : `, transformers ${transformers}`;
          return `torch ${version}${hub}, encoder ${encoderVersion}`;
        },
      },
      config,
    ),
};

/** Built-in encoders, and the operator's directories as transformers writes them: config and weights. */
async function models(
  runnerName: string,
  config: RunnersConfig,
): Promise<Readonly<Record<string, ModelSource>>> {
  const found: Record<string, ModelSource> = builtInModels();
  for (const [model, declared] of Object.entries(config.models)) {
    if (declared.runner !== runnerName) continue;
    if (model in bertSizes) {
      throw new FleetsweepError(
        "config.invalid",
        `models.${model}: the name is a built-in model's`,
      );
    }
    const path = await findModel(model, declared, config);
    // Weights are loaded in single precision and converted, so that every number format is one.
    found[model] = { kind: "file", path, dtype: null };
  }
  return found;
}

/** Where the model's files are. @throws FleetsweepError config.invalid */
async function findModel(
  model: string,
  { path, hub }: ModelConfig,
  { hubCache }: RunnersConfig,
): Promise<string> {
  const invalid = (what: string, cause?: unknown): FleetsweepError =>
    new FleetsweepError("config.invalid", `models.${model}: ${what}`, { cause });
  if (path !== undefined) {
    await access(join(path, "config.json")).catch((cause: unknown) => {
      const what = `${path} is no directory of a transformers model: it has no config.json`;
      throw invalid(what, cause);
    });
    return path;
  }
  const id = hub ?? "";
  const found = hubCache === undefined ? null : await findInHubCache(hubCache, id);
  if (found !== null) return found;
  const [name = "", revision] = id.split("@");
  const how = `hf download ${name}${revision === undefined ? "" : ` --revision ${revision}`}`;
  throw invalid(`${id} is not in the cache ${hubCache ?? "of the hub"}; put it there with: ${how}`);
}
