import type { InferenceSession } from "onnxruntime-node";
import type { StartMessage } from "../../runner/contract.ts";
import { RunnerFault } from "../kit/workload.ts";

type GraphOptimization = NonNullable<InferenceSession.SessionOptions["graphOptimizationLevel"]>;

const graphOptimizations: readonly GraphOptimization[] = [
  "disabled",
  "basic",
  "extended",
  "layout",
  "all",
];

/**
 * The cell's parameters as ONNX Runtime takes them. Threads are always explicit: with 0 it would make
 * one for each core of the host and pin them itself, outside of the CPU set that the process has.
 * @throws RunnerFault start-failed for a value that no catalogue lets through.
 */
export function toSessionOptions({
  threads,
  parameters,
}: StartMessage): InferenceSession.SessionOptions {
  const { graph_optimization = "all", execution_mode = "sequential" } = parameters;
  const { arena = true, spinning = true, interop_threads = 1 } = parameters;
  const level = graphOptimizations.find((name) => name === graph_optimization);
  if (level === undefined) {
    throw new RunnerFault("start-failed", `no graph optimisation ${graph_optimization}`);
  }
  return {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: Number(interop_threads),
    executionMode: execution_mode === "parallel" ? "parallel" : "sequential",
    graphOptimizationLevel: level,
    enableCpuMemArena: arena === true,
    // Patterns are planned inside the arena; without one they have nothing to plan.
    enableMemPattern: arena === true,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: spinning === true ? "1" : "0" } } },
  };
}
