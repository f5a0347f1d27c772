import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PinnedWheels, Runtime } from "./known.ts";

/** Written last: a directory without it is no runtime. */
const recordFile = "runtime.json";

/** Where a runtime's files are, below the directory of runtimes. */
export function runtimePlaces(base: string, { name, source }: Runtime) {
  const directory = join(base, name);
  return {
    directory,
    record: join(directory, recordFile),
    /** What the last probe found, and of what it was a probe. */
    probe: join(base, `.${name}.probe.json`),
    python: source.kind === "wheels" ? join(directory, "bin", "python") : source.pythonPath,
    marker: source.kind === "wheels" ? join(directory, recordFile) : source.marker,
  };
}

export function lockPath({ lockFile }: PinnedWheels): string {
  return beside(`./locks/${lockFile}`);
}

export const placeholdersProgram = beside("./placeholders.py");

/** A framework's program: `main` speaks the contract, `probe` says what works here. */
export function frameworkProgram({ framework }: Runtime, program: "main" | "probe"): string {
  return beside(`../${framework}/${program}.py`);
}

/**
 * Isolated: no variable, no directory of a user and no current directory adds modules. Nothing is
 * written beside the sources.
 */
export const pythonFlags: readonly string[] = ["-I", "-B"];

function beside(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
