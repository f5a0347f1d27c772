import { z } from "zod";
import type { RunnerDeclaration } from "../../../shared/domain/runner-declaration.ts";

const paths = z.array(z.string().max(4_096)).max(64);
const said = z.string().max(200).nullable();

/** What a framework's probe.py says of itself on this host, by having done it. */
export const probeResult = z.object({
  framework: z.enum(["torch", "tensorflow"]),
  version: z.string().max(100),
  python: z.string().max(50),
  /** [mode, dtype] that ran and gave numbers. */
  combinations: z.array(z.tuple([z.string().max(20), z.string().max(20)])).max(64),
  /** What did not run, with the reason. */
  missing: z.record(z.string().max(64), z.string().max(2_000)),
  attentions: z.array(z.string().max(20)).default([]),
  transformers: said.default(null),
  xla: z.boolean().default(false),
  onednn: z.boolean().nullable().default(null),
  build: z.object({ blas: said, onednn_version: said, openmp_version: said, cpu_capability: said }),
  /** Mapped files by their role. */
  libraries: z.object({ openmp: paths, blas: paths, onednn: paths, allocator: paths }),
  location: z.string().max(4_096),
});

export type ProbeResult = z.output<typeof probeResult>;

/** Modes and number formats of a probe in their own order, each once. */
export function offeredBy({ combinations }: ProbeResult) {
  return {
    modes: [...new Set(combinations.map(([mode]) => mode))],
    dtypes: [...new Set(combinations.map(([, dtype]) => dtype))],
  };
}

/** Of what the framework usually runs, what did not run here: `mode dtype` to the reason. */
export function refusedPairs(
  probe: ProbeResult,
  { modes, dtypes }: Pick<RunnerDeclaration, "modes" | "dtypes">,
): Readonly<Record<string, string>> {
  const runs = new Set(probe.combinations.map((pair) => pair.join(" ")));
  const pairs = modes.flatMap((mode) => dtypes.map((dtype) => `${mode} ${dtype}`));
  return Object.fromEntries(
    pairs
      .filter((pair) => !runs.has(pair))
      .map((pair) => [pair, whyMissing(probe, pair) ?? "it does not run on this host"]),
  );
}

/** What a probe found of something that it could not run; no longer than a declaration takes. */
export function whyMissing({ missing }: ProbeResult, what: string): string | undefined {
  return missing[what]?.slice(0, longestReason);
}

const longestReason = 500;

/** Debian's and Netlib's unoptimised BLAS: some twenty times slower than any other. */
const referenceBlas = /\/(blas\/)?libblas\.so\.3/;

export interface LinkedLibraries {
  readonly blas: string;
  readonly onednn: string;
  readonly openmp: string;
  /** What makes this runtime a bad measure of its framework; null where nothing does. */
  readonly warning: string | null;
}

/** Which BLAS, oneDNN and OpenMP the framework computes with: what it was built with, else what it maps. */
export function linkedLibraries(probe: ProbeResult): LinkedLibraries {
  const { build, libraries } = probe;
  // NumPy brings a BLAS of its own, which only makes weights.
  const blasFiles = libraries.blas.filter((path) => !path.includes("/numpy.libs/"));
  const builtIn = build.blas?.startsWith("mkl ") === true || build.blas === "Eigen";
  const isReference =
    !builtIn &&
    blasFiles.some((path) => referenceBlas.test(path) && !/openblas|blis|atlas|mkl/.test(path));
  return {
    blas: builtIn ? (build.blas ?? "unknown") : blasFiles.map(fileName).join(" ") || "unknown",
    onednn:
      build.onednn_version ??
      (probe.onednn === null ? "unknown" : probe.onednn ? "built in" : "off"),
    openmp: libraries.openmp.map(fileName).join(" ") || "none",
    warning: isReference
      ? "links the reference BLAS, about twenty times slower than others: apt-get install libopenblas0-openmp"
      : null,
  };
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
