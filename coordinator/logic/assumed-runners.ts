import { arrivalPatterns } from "../../shared/domain/arrival.ts";
import type { AxisValue } from "../../shared/domain/cell.ts";
import { suggest } from "../../shared/domain/did-you-mean.ts";
import type {
  ParameterDeclaration,
  RunnerDeclaration,
} from "../../shared/domain/runner-declaration.ts";
import { plainValues } from "./planning/expand-terms.ts";
import type { SweepSpec } from "./sweep-spec.ts";

/** What is known of a runner without asking a host that has it: as its own declaration says it. */
type KnownRunner = Pick<
  RunnerDeclaration,
  "modes" | "dtypes" | "models" | "parameters" | "knobs" | "arrivals"
>;

const berts = ["bert-tiny", "bert-mini", "bert-small", "bert-medium", "bert-base", "bert-large"];
const openmpKnobs = ["openmp", "openmp_binding", "kmp_blocktime", "wait_policy", "gomp_spincount"];
const hostKnobs = ["thp", "governor"];
const allocatorKnobs = ["allocator", "allocator_tunables"];
const processKnobs = [...allocatorKnobs, ...hostKnobs];

const interopThreads = { type: "integer", min: 1, max: 256, default: 1 } as const;

const known: Readonly<Record<string, KnownRunner>> = {
  onnxruntime: {
    modes: ["graph"],
    dtypes: ["fp32", "int8"],
    models: berts,
    parameters: {
      graph_optimization: {
        type: "choice",
        values: ["disabled", "basic", "extended", "layout", "all"],
        default: "all",
      },
      execution_mode: { type: "choice", values: ["sequential", "parallel"], default: "sequential" },
      interop_threads: { type: "integer", min: 1, max: 256, default: 1 },
      arena: { type: "flag", default: true },
      spinning: { type: "flag", default: true },
      thread_affinity: { type: "choice", values: ["none", "each"], default: "none" },
    },
    knobs: processKnobs,
    arrivals: arrivalPatterns,
  },
  noop: {
    modes: ["default"],
    dtypes: ["fp32"],
    models: ["nothing"],
    parameters: { call_us: { type: "integer", min: 1, max: 60_000_000, default: 1_000 } },
    knobs: hostKnobs,
    arrivals: arrivalPatterns,
  },
  pytorch: pytorch(),
  "intel-pytorch": pytorch(),
  "debian-pytorch": pytorch(),
  tensorflow: tensorflow(),
  "intel-tensorflow": tensorflow(),
};

function pytorch(): KnownRunner {
  return {
    modes: ["eager", "graph", "compile"],
    dtypes: ["fp32", "bf16", "int8"],
    models: berts,
    parameters: {
      interop_threads: interopThreads,
      onednn: { type: "choice", values: ["default", "off", "on"], default: "default" },
      attention: { type: "choice", values: ["explicit", "sdpa"], default: "explicit" },
    },
    knobs: [...allocatorKnobs, ...openmpKnobs, "onednn_isa", ...hostKnobs],
    arrivals: arrivalPatterns,
  };
}

/** TensorFlow's threads are Eigen's own, not OpenMP's. */
function tensorflow(): KnownRunner {
  return {
    modes: ["eager", "graph"],
    dtypes: ["fp32", "bf16"],
    models: berts,
    parameters: { interop_threads: interopThreads, xla: { type: "flag", default: false } },
    knobs: [...allocatorKnobs, "onednn", "onednn_isa", ...hostKnobs],
    arrivals: arrivalPatterns,
  };
}

/** The version of a runner that no host has declared; cell ids made with it are those of no real sweep. */
const assumedVersion = "assumed";

/**
 * Declarations for hosts of which only the topology is known, so that a file can be planned on them:
 * the runners that the file names, with the models and parameters that it names.
 */
export function assumeRunners(spec: SweepSpec): readonly RunnerDeclaration[] {
  const names = namedIn(spec, "runner");
  return names.map((name) => {
    const base = Object.hasOwn(known, name) ? known[name] : undefined;
    return {
      name,
      version: assumedVersion,
      unavailable: null,
      modes: base?.modes ?? namedIn(spec, "mode"),
      dtypes: base?.dtypes ?? namedIn(spec, "dtype"),
      models: [...new Set([...(base?.models ?? []), ...namedIn(spec, "model")])],
      parameters: { ...parametersOf(spec), ...base?.parameters },
      knobs: base?.knobs ?? processKnobs,
      arrivals: base === undefined ? arrivalPatterns : (base.arrivals ?? ["closed"]),
    };
  });
}

/** Runners and models that do not come with fleetsweep: an operator's own, or typing errors. */
export function strangersIn(spec: SweepSpec): readonly string[] {
  const runners = namedIn(spec, "runner");
  const models = runners.flatMap((name) =>
    Object.hasOwn(known, name) ? (known[name]?.models ?? []) : [],
  );
  return [
    ...strangers("runner", runners, Object.keys(known)),
    ...(models.length === 0 ? [] : strangers("model", namedIn(spec, "model"), models)),
  ];
}

function strangers(
  what: string,
  named: readonly string[],
  builtIn: readonly string[],
): readonly string[] {
  return named
    .filter((name) => !builtIn.includes(name))
    .map((name) => {
      const near = suggest(name, builtIn);
      const hint = near === null ? "" : `; did you mean ${near}?`;
      return `${what} ${name} is not built in: an operator's own is assumed${hint}`;
    });
}

function namedIn(spec: SweepSpec, axis: string): readonly string[] {
  const values = spec.matrices.flatMap((matrix) => plainValues(matrix.axes[axis]));
  return [...new Set(values.map(String))];
}

function parametersOf(spec: SweepSpec): Readonly<Record<string, ParameterDeclaration>> {
  const values = new Map<string, AxisValue[]>();
  for (const matrix of spec.matrices) {
    for (const [name, some] of Object.entries(matrix.parameters)) {
      values.set(name, [...(values.get(name) ?? []), ...some]);
    }
  }
  return Object.fromEntries([...values].map(([name, some]) => [name, declare(some)]));
}

function declare(values: readonly AxisValue[]): ParameterDeclaration {
  const [first] = values;
  if (typeof first === "boolean") return { type: "flag", default: first };
  if (typeof first === "number") {
    const numbers = values.map(Number);
    return {
      type: "integer",
      min: Math.min(...numbers),
      max: Math.max(...numbers),
      default: first,
    };
  }
  return { type: "choice", values: values.map(String), default: String(first) };
}
