import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { encoderVersion } from "../bert/sizes.ts";
import { builtInModels } from "../built-in-models.ts";
import type { RunnersConfig } from "../catalogue-config.ts";
import type { RunnerKind } from "../catalogue-entry.ts";
import { declareRuntimes } from "../runtimes/declare.ts";
import { type ProbeResult, whyMissing } from "../runtimes/probe-result.ts";

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
        refusals,
        models: (runnerName, { models }) => Promise.resolve(refuseFiles(runnerName, models)),
        version: ({ version }) => `tensorflow ${version}, encoder ${encoderVersion}`,
      },
      config,
    ),
};

/** Without XLA's compiler a cell that asks for it would fail; of an unknown oneDNN nothing can be proved. */
function refusals(probe: ProbeResult) {
  const why = whyMissing(probe, "graph xla") ?? "it does not run on this host";
  const unknown = "this TensorFlow does not say whether oneDNN is in force";
  return {
    ...(probe.xla ? {} : { xla: { true: why } }),
    ...(probe.onednn === null ? { onednn: { on: unknown, off: unknown } } : {}),
  };
}

function refuseFiles(runnerName: string, models: RunnersConfig["models"]) {
  const declared = Object.entries(models).find(([, { runner }]) => runner === runnerName);
  if (declared !== undefined) {
    const what = `models.${declared[0]}: ${runnerName} takes built-in models only`;
    throw new FleetsweepError("config.invalid", what);
  }
  return builtInModels();
}
