import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { lockDirectory } from "../../../shared/runtime/lock.ts";
import type { PinnedWheels, Runtime } from "./known.ts";
import { lockPath, placeholdersProgram, runtimePlaces } from "./places.ts";
import { readProbe } from "./probe.ts";
import { findPython } from "./python.ts";
import { lastLines, type ProgramRun, runProgram } from "./run-program.ts";

export interface InstallDeps {
  /** The directory of runtimes. */
  readonly base: string;
  /** The user's own, so that pip finds its settings. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  readonly signal: AbortSignal;
  /** Directory of wheels to install from, without any network. */
  readonly wheels: string | null;
  readonly talk: (line: string) => void;
}

const limits = { venvMs: 120_000, pipMs: 3_600_000, placeholdersMs: 60_000 } as const;

/** Names that an interrupted installation or removal leaves, and the next one clears away. */
export const unfinished = /^\.(installing|removing)-/;

/**
 * Installs a runtime from its lock file, or finds it installed: true where anything was done. It is
 * made in a directory beside its place and renamed once it has worked, so that a runtime is whole or
 * not there. Two installations take turns by failing: the second says who the first is.
 * @throws FleetsweepError runtime.failed, config.invalid, state.locked, program.missing.
 */
export async function installRuntime(runtime: Runtime, deps: InstallDeps): Promise<boolean> {
  const { source } = runtime;
  if (source.kind === "system") {
    const how = `it belongs to the system: ${source.howToInstall}`;
    throw new FleetsweepError("config.invalid", `${runtime.name} is not installed by us, ${how}`);
  }
  await mkdir(deps.base, { recursive: true });
  const lock = await lockDirectory(deps.base, deps.pid);
  try {
    const record = await expectedRecord(runtime, source);
    const { record: recordFile } = runtimePlaces(deps.base, runtime);
    if ((await readFile(recordFile, "utf8").catch(() => "")) === record) return false;
    await clearUnfinished(deps.base);
    await checkDisk(deps.base, source);
    await installAnew({ runtime, source, record }, deps);
    return true;
  } finally {
    await lock.release();
  }
}

/** Removes an installed runtime; false where there is none. @throws FleetsweepError state.locked. */
export async function removeRuntime(
  runtime: Runtime,
  { base, pid }: Pick<InstallDeps, "base" | "pid">,
): Promise<boolean> {
  if (runtime.source.kind === "system") {
    throw new FleetsweepError("config.invalid", `${runtime.name} belongs to the system`);
  }
  await mkdir(base, { recursive: true });
  const lock = await lockDirectory(base, pid);
  try {
    const { directory, probe } = runtimePlaces(base, runtime);
    await rm(probe, { force: true });
    const leaving = join(base, `.removing-${runtime.name}`);
    await rm(leaving, { recursive: true, force: true });
    try {
      await rename(directory, leaving);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
      throw error;
    }
    await rm(leaving, { recursive: true });
    return true;
  } finally {
    await lock.release();
  }
}

interface Wanted {
  readonly runtime: Runtime;
  readonly source: PinnedWheels;
  readonly record: string;
}

/** What stands in the record of a runtime that needs no installation: its lock file's digest. */
async function expectedRecord({ name }: Runtime, source: PinnedWheels): Promise<string> {
  const digest = createHash("sha256")
    .update(await readFile(lockPath(source)))
    .digest("hex");
  return `${JSON.stringify({ name, lock_sha256: digest })}\n`;
}

async function clearUnfinished(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    if (unfinished.test(name)) await rm(join(base, name), { recursive: true, force: true });
  }
}

async function checkDisk(base: string, { diskMb }: PinnedWheels): Promise<void> {
  const { bavail, bsize } = await statfs(base);
  const freeMb = Math.floor((bavail * bsize) / 1e6);
  // While pip unpacks, the wheel and what comes out of it are both there.
  if (freeMb < 1.5 * diskMb) {
    const found = `${freeMb} MB are free in ${base}, and it takes ${Math.ceil(1.5 * diskMb)} MB`;
    throw new FleetsweepError("runtime.failed", `not enough disk: ${found}`);
  }
}

async function installAnew({ runtime, source, record }: Wanted, deps: InstallDeps): Promise<void> {
  const { directory } = runtimePlaces(deps.base, runtime);
  const fresh = join(deps.base, `.installing-${runtime.name}`);
  try {
    await fill(fresh, { runtime, source, record }, deps);
    await rm(directory, { recursive: true, force: true });
    await rename(fresh, directory);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw deps.signal.aborted
      ? new FleetsweepError("runtime.failed", "interrupted; nothing was changed")
      : error;
  }
  deps.talk(`probing ${runtime.name}: every mode and number format`);
  await readProbe(deps.base, runtime, deps.signal);
}

async function fill(fresh: string, wanted: Wanted, deps: InstallDeps): Promise<void> {
  const { runtime, source, record } = wanted;
  const python = await findPython(source.pythons, deps.environment["PATH"]);
  deps.talk(`making an environment of ${python}`);
  await step("python -m venv", [python, "-m", "venv", fresh], limits.venvMs, deps);
  const inside = join(fresh, "bin", "python");
  deps.talk(`installing ${source.lockFile}, about ${source.diskMb} MB on the disk`);
  const from = deps.wheels === null ? [] : ["--no-index", "--find-links", deps.wheels];
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];
  const strict = ["--require-hashes", "--no-deps", "--only-binary=:all:", "--no-cache-dir"];
  const argv = [inside, ...pip, ...strict, ...from, "-r", lockPath(source)];
  await step("pip install", argv, limits.pipMs, deps);
  if (source.isGpuBuild) await replaceGpuLibraries(fresh, inside, deps);
  await writeFile(join(fresh, "runtime.json"), record);
  deps.talk(`importing ${runtime.framework}`);
  await checkImport(inside, runtime, deps);
}

/** Python then binds functions when they are first called, which those of placeholders never are. */
const lazyBinding = "import os, sys; sys.setdlopenflags(os.RTLD_LAZY)\n";

async function replaceGpuLibraries(
  fresh: string,
  inside: string,
  deps: InstallDeps,
): Promise<void> {
  const [version] = (await readdir(join(fresh, "lib"))).filter((name) => name.startsWith("python"));
  const packages = join(fresh, "lib", version ?? "python3", "site-packages");
  await writeFile(join(packages, "fleetsweep-lazy.pth"), lazyBinding);
  const argv = [inside, "-I", placeholdersProgram, join(packages, "torch", "lib")];
  const { stdout } = await step("placeholders", argv, limits.placeholdersMs, deps);
  const count = stdout.trim().split("\n").length;
  deps.talk(`put placeholders in the place of ${count} CUDA libraries that a CPU never calls`);
}

/** Before the rename: what does not even import here must not replace what does. */
async function checkImport(
  inside: string,
  { framework }: Runtime,
  deps: InstallDeps,
): Promise<void> {
  const module = framework === "pytorch" ? "torch" : "tensorflow";
  const argv = [inside, "-I", "-c", `import ${module}`];
  await step(`import ${module}`, argv, limits.venvMs, deps);
}

async function step(
  what: string,
  argv: readonly string[],
  timeoutMs: number,
  { environment, signal }: InstallDeps,
): Promise<ProgramRun> {
  // Modules that a user's variables add would be missing where the agent runs.
  const { PYTHONPATH: _path, PYTHONHOME: _home, ...clean } = environment;
  const run = await runProgram(argv, { environment: clean, timeoutMs, signal });
  signal.throwIfAborted();
  if (run.code === 0) return run;
  const said = lastLines(`${run.stdout}\n${run.stderr}`, 4);
  throw new FleetsweepError("runtime.failed", `${what} failed: ${said}${adviceFor(said)}`);
}

function adviceFor(said: string): string {
  if (/ensurepip is not|python3[\d.]*-venv/.test(said)) {
    return "\nThis Python has no venv with pip: apt-get install python3-venv";
  }
  if (
    /No matching distribution|ConnectionError|NewConnectionError|Max retries|Temporary failure in name|Read timed out/.test(
      said,
    )
  ) {
    return "\nThe package index was not reached, or has not these versions. On a host without a network: fetch the wheels elsewhere with `pip download --require-hashes --no-deps -r LOCKFILE`, and install with --wheels DIRECTORY";
  }
  return "";
}
