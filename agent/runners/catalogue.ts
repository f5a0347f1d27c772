import type { RunnersConfig } from "./catalogue-config.ts";
import type { CatalogueEntry, RunnerKind } from "./catalogue-entry.ts";
import { commandRunners } from "./command/declare.ts";
import { noopRunner } from "./noop/declare.ts";
import { onnxruntimeRunner } from "./onnxruntime/declare.ts";
import { pytorchRunners } from "./pytorch/declare.ts";
import { tensorflowRunners } from "./tensorflow/declare.ts";

/** A new runner is a new folder and one line here. */
const runnerKinds: readonly RunnerKind[] = [
  onnxruntimeRunner,
  pytorchRunners,
  tensorflowRunners,
  noopRunner,
  commandRunners,
];

/**
 * The runners of this host, in a fixed order. One that cannot run here is listed with the reason.
 * @throws FleetsweepError config.invalid for a declared model that is missing or a name taken twice.
 */
export async function readCatalogue(config: RunnersConfig): Promise<readonly CatalogueEntry[]> {
  const entries = await Promise.all(runnerKinds.map((kind) => kind.declare(config)));
  return entries.flat();
}
