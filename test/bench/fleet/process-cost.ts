import { readFile } from "node:fs/promises";

export interface ProcessCost {
  readonly rssBytes: number;
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
  const rssKb = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { rssBytes: rssKb * 1_024, cpuMs: (ticks * 1_000) / ticksPerSecond };
}
