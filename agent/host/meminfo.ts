import { type HostFiles, readText } from "./host-files.ts";

/** The host's memory as /proc/meminfo has it, in bytes; null where it does not say. */
export interface Meminfo {
  readonly memTotalBytes: number | null;
  readonly swapTotalBytes: number | null;
  readonly swapFreeBytes: number | null;
}

export async function readMeminfo(files: HostFiles): Promise<Meminfo> {
  const text = (await readText(files, "proc/meminfo")) ?? "";
  return {
    memTotalBytes: parseField(text, "MemTotal"),
    swapTotalBytes: parseField(text, "SwapTotal"),
    swapFreeBytes: parseField(text, "SwapFree"),
  };
}

/** `MemTotal` in bytes of a NUMA node's or the host's meminfo. */
export function parseMemTotal(text: string): number | null {
  return parseField(text, "MemTotal");
}

/** Lines read `MemTotal: 1024 kB`, of a NUMA node `Node 0 MemTotal: 1024 kB`; kB are KiB. */
function parseField(text: string, field: string): number | null {
  const match = new RegExp(`^(?:Node \\d+ )?${field}:\\s+(\\d{1,12}) kB\\s*$`, "m").exec(text);
  return match === null ? null : Number(match[1]) * 1024;
}
