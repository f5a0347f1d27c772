import { access } from "node:fs/promises";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import type { Runtime } from "./known.ts";
import { runtimePlaces } from "./places.ts";
import { readProbe } from "./probe.ts";
import type { ProbeResult } from "./probe-result.ts";

export type RuntimeState =
  | { readonly state: "installed"; readonly probe: ProbeResult }
  /** Not there. */
  | { readonly state: "absent"; readonly how: string }
  /** There, and does not work. */
  | { readonly state: "broken"; readonly reason: string };

/** What stands in the place of a runtime, and what it can do there; probes where that is not known. */
export async function readRuntime(
  base: string,
  runtime: Runtime,
  signal: AbortSignal,
): Promise<RuntimeState> {
  const { marker } = runtimePlaces(base, runtime);
  const isThere = await access(marker).then(
    () => true,
    () => false,
  );
  if (!isThere) return { state: "absent", how: howToInstall(runtime) };
  try {
    return { state: "installed", probe: await readProbe(base, runtime, signal) };
  } catch (error) {
    if (!(error instanceof FleetsweepError)) throw error;
    return { state: "broken", reason: error.message };
  }
}

function howToInstall({ name, source }: Runtime): string {
  return source.kind === "system" ? source.howToInstall : `fleetsweep runtimes install ${name}`;
}
