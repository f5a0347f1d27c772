import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, realpath, rename, stat, writeFile } from "node:fs/promises";
import { release } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import type { Runtime } from "./known.ts";
import { frameworkProgram, pythonFlags, runtimePlaces } from "./places.ts";
import { type ProbeResult, probeResult } from "./probe-result.ts";
import { lastLines, runProgram } from "./run-program.ts";

/** torch.compile compiles C++ for several models, and a busy host takes its time. */
const limits = { probeMs: 600_000 } as const;

/** As runners get it, so that a probe finds what a runner will. */
const environment = {
  PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
  LC_ALL: "C.UTF-8",
} as const;

const kept = z.object({ stamp: z.string(), result: probeResult });

/** What a runtime can do on this host, from the last probe where nothing has changed since. */
export async function readProbe(
  base: string,
  runtime: Runtime,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const { probe: file, python } = runtimePlaces(base, runtime);
  const stamp = await makeStamp(base, runtime);
  const known = await readKept(file);
  if (known?.stamp === stamp) return known.result;
  const result = await runProbe(python, runtime, signal);
  await keepProbe(file, stamp, result);
  return result;
}

/**
 * Does on a small model everything that the runtime may offer.
 * @throws FleetsweepError runtime.failed with what the framework said.
 */
async function runProbe(
  python: string,
  runtime: Runtime,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const argv = [python, ...pythonFlags, frameworkProgram(runtime, "probe"), ...runtime.flags];
  const run = await runProgram(argv, { environment, timeoutMs: limits.probeMs, signal });
  signal.throwIfAborted();
  const parsed = probeResult.safeParse(parseJson(run.stdout));
  if (run.code === 0 && parsed.success) return parsed.data;
  const said = lastLines(run.stderr, 3) || "it said nothing";
  throw new FleetsweepError(
    "runtime.failed",
    `runtime ${runtime.name} does not work here: ${said}`,
  );
}

async function keepProbe(file: string, stamp: string, result: ProbeResult): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.new`, JSON.stringify({ stamp, result }));
    await rename(`${file}.new`, file);
  } catch {
    // A directory that is not ours to write costs a probe at each start, and nothing else.
  }
}

async function readKept(file: string): Promise<z.output<typeof kept> | null> {
  const text = await readFile(file, "utf8").catch(() => "");
  const parsed = kept.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}

/** Changes with whatever may change what a probe finds: the runtime, the CPU, the kernel, the compiler, us. */
async function makeStamp(base: string, runtime: Runtime): Promise<string> {
  const { marker, python } = runtimePlaces(base, runtime);
  const cpuInfo = await readFile("/proc/cpuinfo", "utf8").catch(() => "");
  const cpu = cpuInfo.split("\n").filter((line) => /^(model name|flags|microcode)\s*:/.test(line));
  const files = await Promise.all([marker, python, "/usr/bin/g++"].map(describeFile));
  const parts = [release(), ...new Set(cpu), ...files, ...(await readPrograms(runtime))];
  return createHash("sha256").update(parts.join("\n")).digest("hex");
}

/** Our programs of the framework by what they say: built or not, they find the same. */
async function readPrograms(runtime: Runtime): Promise<readonly string[]> {
  const folder = dirname(frameworkProgram(runtime, "probe"));
  const names = (await readdir(folder)).filter((name) => name.endsWith(".py")).sort();
  return await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
}

async function describeFile(path: string): Promise<string> {
  try {
    const real = await realpath(path);
    const { size, mtimeMs } = await stat(real);
    return `${real} ${size} ${mtimeMs}`;
  } catch {
    return `${path} absent`;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
