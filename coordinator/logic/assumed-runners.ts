import type { AxisValue } from "../../shared/domain/cell.ts";
import type {
  ParameterDeclaration,
  RunnerDeclaration,
} from "../../shared/domain/runner-declaration.ts";
import { plainValues } from "./planning/expand-terms.ts";
import type { SweepSpec } from "./sweep-spec.ts";

/** What is known of a runner without asking a host that has it. */
type KnownRunner = Pick<RunnerDeclaration, "modes" | "dtypes" | "models" | "parameters" | "knobs">;

const berts = ["bert-tiny", "bert-mini", "bert-small", "bert-medium", "bert-base", "bert-large"];
const openmpKnobs = ["openmp", "openmp_binding", "kmp_blocktime", "wait_policy"];
const processKnobs = ["allocator", "allocator_tunables", "thp"];

const known: Readonly<Record<string, KnownRunner>> = {
  onnxruntime: {
    modes: ["graph"],
    dtypes: ["fp32", "int8"],
    models: berts,
    parameters: { arena: { type: "flag", default: true } },
    knobs: processKnobs,
  },
  pytorch: {
    modes: ["eager", "graph"],
    dtypes: ["fp32", "bf16", "int8"],
    models: berts,
    parameters: {},
    knobs: [...processKnobs, ...openmpKnobs, "interop_threads"],
  },
  tensorflow: tensorflow(),
  "intel-tensorflow": tensorflow(),
};

/** TensorFlow's threads are Eigen's own, not OpenMP's. */
function tensorflow(): KnownRunner {
  return {
    modes: ["eager", "graph"],
    dtypes: ["fp32", "bf16"],
    models: berts,
    parameters: {},
    knobs: [...processKnobs, "onednn", "interop_threads"],
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
    };
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
