import type { AxisTerm } from "../../../shared/domain/axis-terms.ts";
import type { AxisValue, Cell } from "../../../shared/domain/cell.ts";
import type { HostCores } from "../../../shared/domain/host-cores.ts";
import { resolveOn } from "../../../shared/domain/resolve-placement.ts";
import type { BaselineName, Matrix } from "../sweep-spec.ts";

/**
 * The two baselines that the published benchmark names. Both run all models, modes and shapes of the
 * matrix. Alternatives are tried in order, because a host without SMT or NUMA has its own version.
 */
const definitions: Readonly<
  Record<BaselineName, { readonly summary: string; readonly alternatives: readonly Cell[] }>
> = {
  "out-of-the-box": {
    summary:
      "untuned: one socket with all its hardware threads, which is what PyTorch and TensorFlow take by themselves, every knob at its default",
    alternatives: [
      { placement: "one-socket", smt: "on", memory_policy: "local" },
      { placement: "one-socket", smt: "off", memory_policy: "local" },
    ],
  },
  optimized: {
    summary:
      "the first things to set: all cores of one socket, one thread a core, memory bound to them, OpenMP threads bound close together",
    alternatives: [
      { placement: "one-socket", smt: "off", memory_policy: "bind", openmp_binding: "close" },
      { placement: "one-socket", smt: "off", memory_policy: "local", openmp_binding: "close" },
    ],
  },
};

export function describeBaseline(name: BaselineName): string {
  return definitions[name].summary;
}

const kept: readonly string[] = [
  "runner",
  "mode",
  "model",
  "dtype",
  "batch_size",
  "sequence_length",
  "arrival",
  "arrival_rate",
  "streams",
];

/** The baseline as one more matrix: the models and shapes of `base` under the baseline's settings. */
export function baselineMatrix(name: BaselineName, base: Matrix, host: HostCores): Matrix {
  const { alternatives } = definitions[name];
  const possible = alternatives.find((settings) => !("refused" in resolveOn(host, settings)));
  const axes: Record<string, readonly AxisTerm[]> = {};
  for (const axis of kept) {
    const terms = base.axes[axis];
    if (terms !== undefined) axes[axis] = terms;
  }
  for (const [axis, value] of Object.entries(possible ?? alternatives[0] ?? {})) {
    axes[axis] = [fixed(value)];
  }
  return { axes, parameters: {} };
}

function fixed(value: AxisValue): AxisTerm {
  return { type: "value", value };
}
