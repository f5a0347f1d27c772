import { arrivalPatterns } from "../../../shared/domain/arrival.ts";
import type { RunnerDeclaration } from "../../../shared/domain/runner-declaration.ts";
import type { RunnersConfig } from "../catalogue-config.ts";
import type { CatalogueEntry, ModelSource } from "../catalogue-entry.ts";
import { type RuntimeState, readRuntime } from "./installed.ts";
import { type Runtime, runtimes } from "./known.ts";
import { frameworkProgram, pythonFlags, runtimePlaces } from "./places.ts";
import { offeredBy, type ProbeResult, refusedPairs } from "./probe-result.ts";

/** What a framework's own file adds to what its runtimes found. */
export interface FrameworkRunner {
  readonly framework: Runtime["framework"];
  /** What it would declare if it were there, for people who ask why it is not. */
  readonly usual: Pick<RunnerDeclaration, "modes" | "dtypes">;
  readonly knobs: readonly string[];
  /** Null stands for a runtime that is not there. */
  parameters(probe: ProbeResult | null): RunnerDeclaration["parameters"];
  /** Values that the framework has and that this host's build of it has not. */
  refusals(probe: ProbeResult): NonNullable<RunnerDeclaration["knobRefusals"]>;
  /** @throws FleetsweepError config.invalid */
  models(runnerName: string, config: RunnersConfig): Promise<Readonly<Record<string, ModelSource>>>;
  version(probe: ProbeResult): string;
}

/** One catalogue entry for each runtime of the framework, installed or not. */
export async function declareRuntimes(
  runner: FrameworkRunner,
  config: RunnersConfig,
): Promise<readonly CatalogueEntry[]> {
  const own = runtimes.filter(({ framework }) => framework === runner.framework);
  const entries: CatalogueEntry[] = [];
  // One after another: a probe computes, and two at once would only disturb each other.
  for (const runtime of own) entries.push(await declareRuntime(runtime, runner, config));
  return entries;
}

async function declareRuntime(
  runtime: Runtime,
  runner: FrameworkRunner,
  config: RunnersConfig,
): Promise<CatalogueEntry> {
  const models = await runner.models(runtime.name, config);
  const shared = {
    name: runtime.name,
    models: Object.keys(models),
    knobs: runner.knobs,
    arrivals: arrivalPatterns,
  };
  const base = config.runtimesDirectory;
  const found = await readIfPlaced(runtime, base);
  if (base === undefined || found.state !== "installed") {
    const declaration: RunnerDeclaration = {
      ...shared,
      version: `${runtime.name} absent`,
      unavailable: whyNot(found).slice(0, 500),
      ...runner.usual,
      parameters: runner.parameters(null),
    };
    return { declaration, argv: [], models };
  }
  const { probe } = found;
  const { modes, dtypes } = offeredBy(probe);
  const { python } = runtimePlaces(base, runtime);
  return {
    declaration: {
      ...shared,
      version: runner.version(probe),
      unavailable: modes.length === 0 ? `nothing runs in ${runtime.name} here` : null,
      modes,
      dtypes,
      parameters: runner.parameters(probe),
      refusedPairs: refusedPairs(probe, runner.usual),
      knobRefusals: runner.refusals(probe),
    },
    argv: [python, ...pythonFlags, frameworkProgram(runtime, "main"), ...runtime.flags],
    models,
  };
}

async function readIfPlaced(runtime: Runtime, base: string | undefined): Promise<RuntimeState> {
  if (base === undefined) return { state: "absent", how: "the agent has no directory of runtimes" };
  return await readRuntime(base, runtime, new AbortController().signal);
}

function whyNot(found: RuntimeState): string {
  switch (found.state) {
    case "absent":
      return `not installed: ${found.how}`;
    case "broken":
      return found.reason;
    case "installed":
      return "";
  }
}
