import { execFile } from "node:child_process";
import { accessSync, constants, realpathSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import type { LoadFacts, ProgramFacts } from "../logic/doctor/finding.ts";
import type { SysfsReader } from "./sysfs-reader.ts";

const probeLimits = {
  /** Long enough for 100 ticks of /proc/stat, short enough for somebody who waits. */
  loadSampleMs: 1000,
  programTimeoutMs: 2000,
} as const;

/** Fields of the first line of /proc/stat, in ticks: user nice system idle iowait irq softirq steal. */
interface CpuTicks {
  readonly busy: number;
  readonly stolen: number;
  readonly total: number;
}

/** Watches /proc/stat for a second; the doctor itself sleeps meanwhile. */
export async function probeLoad(
  reader: SysfsReader,
  cpuCount: number,
  signal: AbortSignal,
): Promise<LoadFacts> {
  const before = await readTicks(reader);
  await setTimeout(probeLimits.loadSampleMs, undefined, { signal });
  const after = await readTicks(reader);
  const average = await reader.read("proc/loadavg");
  const loadAverage = average.state === "present" ? Number.parseFloat(average.text) : Number.NaN;
  const total = before === null || after === null ? 0 : after.total - before.total;
  return {
    busyCpus:
      before === null || after === null || total <= 0
        ? null
        : ((after.busy - before.busy) / total) * cpuCount,
    stolenShare:
      before === null || after === null || total <= 0
        ? null
        : (after.stolen - before.stolen) / total,
    loadAverage: Number.isNaN(loadAverage) ? null : loadAverage,
  };
}

async function readTicks(reader: SysfsReader): Promise<CpuTicks | null> {
  const reading = await reader.read("proc/stat");
  const line = reading.state === "present" ? /^cpu +(.*)$/m.exec(reading.text)?.[1] : undefined;
  if (line === undefined) return null;
  const ticks = line.split(" ").slice(0, 8).map(Number);
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0] = ticks;
  const stolen = ticks[7] ?? 0;
  const busy = user + nice + system + irq + softirq;
  return { busy, stolen, total: busy + stolen + idle + iowait };
}

/** Programs and libraries of this host. `searchPath` is the value of PATH. */
export async function probePrograms(
  searchPath: string,
  signal: AbortSignal,
): Promise<ProgramFacts> {
  // Servers are installed where a user's PATH may not look.
  const directories = [...searchPath.split(":"), "/usr/sbin", "/usr/local/sbin"].filter(Boolean);
  return {
    numactl: findProgram(directories, "numactl"),
    natsServerVersion: await readNatsVersion(findProgram(directories, "nats-server"), signal),
    blas: findBlas(),
  };
}

function findProgram(directories: readonly string[], name: string): string | null {
  return directories.map((directory) => join(directory, name)).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** It prints `nats-server: v2.9.10`. */
async function readNatsVersion(path: string | null, signal: AbortSignal): Promise<string | null> {
  if (path === null) return null;
  const options = { timeout: probeLimits.programTimeoutMs, signal };
  const answer = await promisify(execFile)(path, ["--version"], options).catch(() => null);
  return /v?(\d+\.\d+\.\d+)/.exec(answer?.stdout ?? "")?.[1] ?? null;
}

/** Where Debian, Red Hat and their kin have it. */
const blasPaths = [
  "/usr/lib/x86_64-linux-gnu/libblas.so.3",
  "/usr/lib/aarch64-linux-gnu/libblas.so.3",
  "/usr/lib64/libblas.so.3",
];

function findBlas(): string | null {
  for (const path of blasPaths) {
    try {
      return realpathSync(path);
    } catch {
      // Not installed there.
    }
  }
  return null;
}
