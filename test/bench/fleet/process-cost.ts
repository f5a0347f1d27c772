import { readFile } from "node:fs/promises";

export interface ProcessCost {
  readonly rssBytes: number;
  /** The largest so far. */
  readonly peakRssBytes: number;
  /** User and system time since the process began, in ms. */
  readonly cpuMs: number;
}

/** Ticks of a second in /proc/PID/stat: 100 on every Linux that Node runs on (proc(5)). */
const ticksPerSecond = 100;

/** What a process holds and has spent, from /proc. */
export async function readCost(pid: number): Promise<ProcessCost> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const bytesOf = (field: string): number =>
    Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) * 1_024;
  const ticks = Number(fields[11]) + Number(fields[12]);
  const [rssBytes, peakRssBytes] = [bytesOf("VmRSS"), bytesOf("VmHWM")];
  return { rssBytes, peakRssBytes, cpuMs: (ticks * 1_000) / ticksPerSecond };
}

/** Its share of the memory: what several processes use, such as the pages of Node itself, is divided by them. */
export async function readProportionalBytes(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
  return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * 1_024;
}
