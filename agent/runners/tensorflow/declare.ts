import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { encoderVersion } from "../bert/sizes.ts";
import { builtInModels } from "../built-in-models.ts";
import type { RunnersConfig } from "../catalogue-config.ts";
import type { RunnerKind } from "../catalogue-entry.ts";
import { declareRuntimes } from "../runtimes/declare.ts";

/** TensorFlow in every Python environment that has it: the runner's name is the runtime's. */
export const tensorflowRunners: RunnerKind = {
  name: "tensorflow",
  declare: (config) =>
    declareRuntimes(
      {
        framework: "tensorflow",
        usual: { modes: ["eager", "graph"], dtypes: ["fp32", "bf16"] },
        knobs: ["allocator", "allocator_tunables", "onednn", "onednn_isa"],
        parameters: () => ({
          interop_threads: { type: "integer", min: 1, max: 256, default: 1 },
          xla: { type: "flag", default: false },
        }),
        models: (runnerName, { models }) => Promise.resolve(refuseFiles(runnerName, models)),
        version: ({ version }) => `tensorflow ${version}, encoder ${encoderVersion}`,
      },
      config,
    ),
};

function refuseFiles(runnerName: string, models: RunnersConfig["models"]) {
  const declared = Object.entries(models).find(([, { runner }]) => runner === runnerName);
  if (declared !== undefined) {
    const what = `models.${declared[0]}: ${runnerName} takes built-in models only`;
    throw new FleetsweepError("config.invalid", what);
  }
  return builtInModels();
}
