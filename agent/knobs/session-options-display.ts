import type { Readback } from "./knob.ts";

/** ONNX Runtime's numbers of its levels, in their order; `all` is its highest, whatever that is called. */
const graphOptimizations = ["disabled", "basic", "extended", "layout", "all"] as const;

/**
 * The options of a session of ONNX Runtime as it writes them to stderr when it is made
 * (`TraceSessionOptions` of inference_session.cc, severity information):
 *
 *     Session Options { execution_mode:0 … enable_cpu_mem_arena:1 … graph_optimization_level:4
 *     intra_op_param:OrtThreadPoolParams { thread_pool_size: 2 … } inter_op_param:OrtThreadPoolParams {
 *     thread_pool_size: 1 … } … config_options: { session.intra_op.allow_spinning: 0 } }
 *
 * Entries of `config_options` override the fields of the same meaning before them. Null where there is no
 * such line.
 */
export function parseSessionOptions(stderr: string): Readback | null {
  const line = /TraceSessionOptions\] Session Options \{(.*)$/m.exec(stderr)?.[1];
  if (line === undefined) return null;
  const find = (pattern: RegExp): string | null => pattern.exec(line)?.[1] ?? null;
  const level = find(/ graph_optimization_level:(\d+)/);
  return {
    session_execution_mode: find(/ execution_mode:(\d)/) === "1" ? "parallel" : "sequential",
    session_arena: find(/ enable_cpu_mem_arena:(\d)/) === "1",
    session_graph_optimization: level === null ? null : (graphOptimizations[Number(level)] ?? null),
    session_threads: toCount(find(/intra_op_param:\w+ \{ thread_pool_size: (\d+)/)),
    session_interop_threads: toCount(find(/inter_op_param:\w+ \{ thread_pool_size: (\d+)/)),
    session_spinning: readSpinning(line),
    session_affinities: find(/session\.intra_op_thread_affinities: (\S+)/),
  };
}

function readSpinning(line: string): boolean {
  const entry = /session\.intra_op\.allow_spinning: (\d)/.exec(line)?.[1];
  return (entry ?? /thread_pool_allow_spinning:(\d)/.exec(line)?.[1]) === "1";
}

function toCount(text: string | null): number | null {
  return text === null ? null : Number(text);
}
