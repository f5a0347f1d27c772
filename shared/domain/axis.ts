import { presetNames } from "./allocator-presets.ts";
import { arrivalPatterns } from "./arrival.ts";
import type { AxisValue } from "./cell.ts";

/** A parameter that a sweep file can vary. The order of {@link axes} is the order of the plan. */
export interface Axis {
  readonly name: string;
  readonly summary: string;
  readonly values: AxisValues;
  /** What the file's author gets without naming the axis; null where the planner works it out. */
  readonly fallback: AxisValue | null;
  /** `knob`: a shared process-level setting that a runner may ignore, see RunnerDeclaration.knobs. */
  readonly kind: "runner" | "call" | "arrival" | "placement" | "knob";
}

type AxisValues =
  | { readonly type: "words"; readonly words: readonly string[] }
  /** Any name of the given form; `example` is shown to people. */
  | { readonly type: "name"; readonly example: string; readonly known: readonly string[] }
  | {
      readonly type: "integer";
      readonly min: number;
      readonly max: number;
      /** `all`, `pow2`, `divisors` and ranges up to `all` mean something: the host's cores. */
      readonly hostSized: boolean;
      /** Numbers between the whole ones too; ranges are of whole ones all the same. */
      readonly decimals?: true;
    };

const offOn = { type: "words", words: ["off", "on"] } as const;

/** No machine has more PUs (see cpuset.ts), and larger batches and sequences than these are typing errors. */
const maxCount = 65_536;
const count = { type: "integer", min: 1, max: maxCount, hostSized: false } as const;
const coreCount = { type: "integer", min: 1, max: maxCount, hostSized: true } as const;

export const axes: readonly Axis[] = [
  {
    name: "runner",
    summary: "the program that measures",
    values: {
      type: "name",
      example: "onnxruntime",
      known: ["onnxruntime", "pytorch", "tensorflow", "intel-tensorflow"],
    },
    fallback: null,
    kind: "runner",
  },
  {
    name: "mode",
    summary: "how the framework executes the model; without it the runner's first mode",
    values: { type: "name", example: "graph", known: ["eager", "graph"] },
    fallback: null,
    kind: "runner",
  },
  {
    name: "model",
    summary: "a built-in model or one that a host's operator declared by name",
    values: {
      type: "name",
      example: "bert-base",
      known: ["bert-tiny", "bert-mini", "bert-small", "bert-medium", "bert-base", "bert-large"],
    },
    fallback: null,
    kind: "runner",
  },
  {
    name: "dtype",
    summary: "number format of the weights and products; without it the runner's first",
    values: { type: "name", example: "int8", known: ["fp32", "bf16", "int8"] },
    fallback: null,
    kind: "runner",
  },
  {
    name: "placement",
    summary: "which cores and NUMA nodes the instances get, see Placements",
    values: { type: "name", example: "one-socket", known: [] },
    fallback: "one-socket",
    kind: "placement",
  },
  {
    name: "cores",
    summary: "physical cores per instance",
    values: coreCount,
    fallback: "all",
    kind: "placement",
  },
  {
    name: "instances",
    summary: "processes that measure at the same time; without it what the placement says",
    values: coreCount,
    fallback: null,
    kind: "placement",
  },
  {
    name: "smt",
    summary: "`on` uses every hardware thread of a core, `off` one",
    values: offOn,
    fallback: "off",
    kind: "placement",
  },
  {
    name: "memory_policy",
    summary:
      "how an instance's memory is bound: where it runs (`local`), or to the NUMA nodes of its cores",
    values: { type: "words", words: ["local", "bind", "interleave", "preferred"] },
    fallback: null,
    kind: "placement",
  },
  {
    name: "remainder",
    summary: "cores that an even split leaves over: idle (`drop`), shared out, or no such cell",
    values: { type: "words", words: ["drop", "spread", "refuse"] },
    fallback: "drop",
    kind: "placement",
  },
  {
    name: "socket",
    summary:
      "which package placements on one package use, from 0; without it the one with most usable cores",
    values: { type: "integer", min: 0, max: 255, hostSized: false },
    fallback: null,
    kind: "placement",
  },
  {
    name: "threads",
    summary: "a check, never a setting: cells whose CPU set has another size are refused",
    values: count,
    fallback: null,
    kind: "placement",
  },
  {
    name: "allocator",
    summary: "memory allocator that is preloaded",
    values: { type: "words", words: ["glibc", "tcmalloc", "jemalloc", "mimalloc"] },
    fallback: "glibc",
    kind: "knob",
  },
  {
    name: "allocator_tunables",
    summary:
      "named settings of the allocator: `none` its defaults, `retain` gives no memory back, `huge-pages` asks for them, `published` as the published benchmark has jemalloc",
    values: { type: "name", example: "retain", known: presetNames },
    fallback: "none",
    kind: "knob",
  },
  {
    name: "openmp",
    summary: "OpenMP runtime: GNU's libgomp or Intel's libiomp5",
    values: { type: "words", words: ["gnu", "intel"] },
    fallback: "gnu",
    kind: "knob",
  },
  {
    name: "openmp_binding",
    summary: "how OpenMP binds its threads inside the CPU set; `none` leaves it to the kernel",
    values: { type: "words", words: ["none", "close", "spread"] },
    fallback: "none",
    kind: "knob",
  },
  {
    name: "kmp_blocktime",
    summary: "milliseconds that Intel's OpenMP threads spin after work; 200 is its own default",
    values: { type: "integer", min: 0, max: 2_147_483_647, hostSized: false },
    fallback: 200,
    kind: "knob",
  },
  {
    name: "wait_policy",
    summary: "whether GNU OpenMP threads spin (`active`) or sleep while they wait",
    values: { type: "words", words: ["default", "active", "passive"] },
    fallback: "default",
    kind: "knob",
  },
  {
    name: "gomp_spincount",
    summary: "how often GNU OpenMP threads look before they sleep, in place of `wait_policy`",
    values: { type: "integer", min: 0, max: 2_147_483_647, hostSized: false },
    fallback: null,
    kind: "knob",
  },
  {
    name: "thp",
    summary: "transparent huge pages; `host` leaves the host as it is",
    values: { type: "words", words: ["host", "always", "madvise", "never"] },
    fallback: "host",
    kind: "knob",
  },
  {
    name: "governor",
    summary: "frequency governor of the launch's CPUs; `host` or none given leaves it as it is",
    values: { type: "name", example: "performance", known: ["host", "performance", "powersave"] },
    fallback: null,
    kind: "knob",
  },
  {
    name: "onednn",
    summary: "oneDNN kernels of the framework, where it can be told",
    values: { type: "words", words: ["default", "off", "on"] },
    fallback: "default",
    kind: "knob",
  },
  {
    name: "onednn_isa",
    summary: "the most that oneDNN may use of the CPU's instructions; `default` all of them",
    values: {
      type: "words",
      words: [
        "default",
        "sse41",
        "avx2",
        "avx2_vnni",
        "avx512_core",
        "avx512_core_vnni",
        "avx512_core_bf16",
        "avx512_core_amx",
      ],
    },
    fallback: null,
    kind: "knob",
  },
  {
    name: "interop_threads",
    summary: "threads that run independent operators side by side",
    values: count,
    fallback: 1,
    kind: "knob",
  },
  {
    name: "batch_size",
    summary: "samples per call and instance; with `split_batch`, per call of all instances",
    values: count,
    fallback: 1,
    kind: "call",
  },
  {
    name: "sequence_length",
    summary: "tokens per sample",
    values: count,
    fallback: 128,
    kind: "call",
  },
  {
    name: "arrival",
    summary:
      "`closed`: each call as soon as the one before it is over; `offline`: all at once, and the rate over all of them counts; `server`: at random (Poisson), each timed from its intended start; `multi-stream`: `streams` calls at once, timed until the last is over",
    values: { type: "words", words: arrivalPatterns },
    fallback: "closed",
    kind: "arrival",
  },
  {
    name: "arrival_rate",
    summary: "calls per second that come to a server, all instances together",
    values: { type: "integer", min: 0.001, max: 1_000_000, hostSized: false, decimals: true },
    fallback: null,
    kind: "arrival",
  },
  {
    name: "streams",
    summary: "calls that come at once to each instance with `multi-stream`",
    values: count,
    fallback: null,
    kind: "arrival",
  },
];

export const axisNames: readonly string[] = axes.map((axis) => axis.name);

export function findAxis(name: string): Axis | undefined {
  return byName.get(name);
}

/** Asked for each axis of a million cells. */
const byName: ReadonlyMap<string, Axis> = new Map(axes.map((axis) => [axis.name, axis]));
