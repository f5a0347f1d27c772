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
export function toSessionOptions(start: StartMessage): InferenceSession.SessionOptions {
  const { threads, parameters } = start;
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
    // Information: the session then writes to stderr what its options are, which is the agent's proof.
    logSeverityLevel: 1,
    extra: {
      session: {
        intra_op: { allow_spinning: spinning === true ? "1" : "0" },
        inter_op: { allow_spinning: spinning === true ? "1" : "0" },
        ...affinities(start),
      },
    },
  };
}

/** Nothing for the calls: their log would be written while they are timed. */
export const runOptions = { logSeverityLevel: 3 } as const;

/**
 * `each`: every thread of the pool on a PU of its own. The thread that calls is not of the pool and keeps
 * the first PU's place, so there is one entry fewer than threads; ONNX Runtime counts PUs from 1. Of an
 * entry that it cannot set it only logs that, so the agent looks where the threads may run.
 */
function affinities({ parameters, pus }: StartMessage): Readonly<Record<string, string>> {
  if (parameters["thread_affinity"] !== "each" || pus.length < 2) return {};
  const entries = pus.slice(1).map((pu) => `${pu + 1}`);
  return { intra_op_thread_affinities: entries.join(";") };
}
