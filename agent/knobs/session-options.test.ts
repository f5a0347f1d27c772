import { expect, test } from "vitest";
import type { Cell } from "../../shared/domain/cell.ts";
import { plainKnobHost } from "../../shared/testing/knob-host.ts";
import { onPus } from "../../shared/testing/launch-request.ts";
import type { KnobEvidence, Readback } from "./knob.ts";
import { setKnobs } from "./registry.ts";

/** onnxruntime-node 1.30.0, made with two threads, no spinning and an affinity. */
const shown = `2026-11-25 23:38:48.810499313 [I:onnxruntime:, inference_session.cc:764 TraceSessionOptions] Session Options {  execution_mode:0 execution_order:DEFAULT enable_profiling:0 optimized_model_filepath:"" enable_mem_pattern:1 enable_mem_reuse:1 enable_cpu_mem_arena:1 profile_file_prefix:onnxruntime_profile_ session_logid: session_log_severity_level:1 session_log_verbosity_level:0 max_num_graph_transformation_steps:10 graph_optimization_level:4 intra_op_param:OrtThreadPoolParams { thread_pool_size: 2 auto_set_affinity: 0 allow_spinning: 1 spin_duration_us: -1 spin_backoff_max: 1 dynamic_block_base_: 0 stack_size: 0 affinity_str:  set_denormal_as_zero: 0 } inter_op_param:OrtThreadPoolParams { thread_pool_size: 1 auto_set_affinity: 0 allow_spinning: 1 spin_duration_us: -1 spin_backoff_max: 1 dynamic_block_base_: 0 stack_size: 0 affinity_str:  set_denormal_as_zero: 0 } use_per_session_threads:1 thread_pool_allow_spinning:1 use_deterministic_compute:0 ep_selection_policy:0 config_options: {   session.intra_op_thread_affinities: 2  session.intra_op.allow_spinning: 0 } }
2026-11-25 23:38:48.810737269 [I:onnxruntime:, inference_session.cc:526 operator()] Flush-to-zero and denormal-as-zero are off
`;

function evidence(changes: Partial<KnobEvidence>): KnobEvidence {
  return {
    mappedFiles: [],
    placement: onPus(0, 1),
    reportedThreads: 2,
    reported: {},
    stderrHead: shown,
    allowedPus: [0, 1],
    cgroup: null,
    soloPus: [],
    host: { hugePages: "madvise", governor: null, hugePageBytes: 0 },
    ...changes,
  };
}

function look(cell: Cell, changes: Partial<KnobEvidence> = {}) {
  const settings = setKnobs({ runner: "onnxruntime", ...cell }, [onPus(0, 1)], plainKnobHost);
  if ("refused" in settings) throw new Error(settings.refused);
  const seen = evidence(changes);
  const problems = settings.flatMap(({ setting }) => setting.proof(seen) ?? []);
  const found = settings.map(({ setting }) => setting.shown(seen));
  return { problems, shown: Object.assign({}, ...found) as Readback };
}

test("a session's own words are recorded, and an entry of its configuration goes before a field", () => {
  expect(look({}).shown).toMatchObject({
    session_execution_mode: "sequential",
    session_arena: true,
    session_graph_optimization: "all",
    session_threads: 2,
    session_interop_threads: 1,
    session_spinning: false,
    session_affinities: "2",
    allowed_pus: "0-1",
  });
});

test("what the cell asks for is held to what the session says", () => {
  expect(look({ spinning: false, arena: true, interop_threads: 1 }).problems).toEqual([]);
  expect(look({ spinning: true }).problems).toEqual(["spinning is false, not true"]);
  expect(look({ interop_threads: 4 }).problems).toEqual(["interop_threads is 1, not 4"]);
  expect(look({ graph_optimization: "basic" }).problems).toEqual([
    "graph_optimization is all, not basic",
  ]);
  expect(look({ execution_mode: "parallel" }).problems).toEqual([
    "execution_mode is sequential, not parallel",
  ]);
});

test("a session that says nothing proves nothing, and of other runners nothing is asked", () => {
  expect(look({ arena: false }, { stderrHead: "" }).problems).toEqual([
    "the session did not show its options",
  ]);
  expect(look({}, { stderrHead: "" }).problems).toEqual([]);
  expect(look({ runner: "mine", arena: false }, { stderrHead: "" }).problems).toEqual([]);
});

test("bound threads of a pool are proved by where the kernel lets them run", () => {
  expect(look({ thread_affinity: "each" }).problems).toEqual(["no thread is bound to PU 1 alone"]);
  const bound = look({ thread_affinity: "each" }, { soloPus: [1] });
  expect(bound.problems).toEqual([]);
  expect(bound.shown["bound_pus"]).toBe("1");
  expect(look({ thread_affinity: "none" }).problems).toEqual([]);
});
