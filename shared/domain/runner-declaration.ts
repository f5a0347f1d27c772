/** What a host's catalogue says of one runner: the planner prunes by it, the agent checks by it. */
export interface RunnerDeclaration {
  readonly name: string;
  /** Part of every cell's id: the program's and its framework's version, `onnxruntime-node 1.30.0`. */
  readonly version: string;
  /** Why this host cannot run it now; null where it can. */
  readonly unavailable: string | null;
  readonly modes: readonly string[];
  readonly dtypes: readonly string[];
  /** Built-in models and those that the host's operator declared by name. */
  readonly models: readonly string[];
  /** Axes that only this runner has, by name. */
  readonly parameters: Readonly<Record<string, ParameterDeclaration>>;
  /** Shared knob axes (`allocator`, `openmp` …) that change anything here; the others collapse. */
  readonly knobs: readonly string[];
  /** `mode dtype` that the runner has elsewhere and that do not run together here, to the reason. */
  readonly refusedPairs?: Readonly<Record<string, string>>;
  /** Values of knobs and parameters that cannot be had here, by axis and value, each with the reason. */
  readonly knobRefusals?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Patterns of {@link arrivalPatterns} that it can run; without it `closed` alone. */
  readonly arrivals?: readonly string[];
}

export type ParameterDeclaration =
  | { readonly type: "choice"; readonly values: readonly string[]; readonly default: string }
  | {
      readonly type: "integer";
      readonly min: number;
      readonly max: number;
      readonly default: number;
    }
  | { readonly type: "flag"; readonly default: boolean };

/** Axes that one process can vary from call to call; all others are fixed when it starts. */
export const callAxes: readonly string[] = [
  "batch_size",
  "sequence_length",
  "arrival",
  "arrival_rate",
  "streams",
];
