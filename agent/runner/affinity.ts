import {
  type CpuSet,
  parseCpuList,
  subtractCpuSets,
  toCpuSet,
} from "../../shared/domain/cpuset.ts";
import type { HostFiles } from "./launch-files.ts";

export interface AffinityReadback {
  readonly threads: number;
  /** PUs on which some thread may run. */
  readonly allowedPus: CpuSet;
  /** PUs that some thread may run on though the plan does not give them. */
  readonly strayPus: CpuSet;
  /** PUs on which some thread is bound alone. */
  readonly soloPus: CpuSet;
}

/**
 * Reads back where each thread of a process may run.
 * Null where the process is gone or /proc does not show it.
 */
export async function readAffinity(
  files: HostFiles,
  pid: number,
  planned: CpuSet,
): Promise<AffinityReadback | null> {
  const threads = await files.list(`/proc/${pid}/task`);
  const statuses = await Promise.all(
    threads.map((thread) => files.read(`/proc/${pid}/task/${thread}/status`)),
  );
  const allowed = statuses.map(parseAllowedPus).filter((pus) => pus !== null);
  if (allowed.length === 0) return null;
  const stray = toCpuSet(allowed.flatMap((pus) => subtractCpuSets(pus, planned)));
  const solo = toCpuSet(allowed.filter((pus) => pus.length === 1).flat());
  const all = toCpuSet(allowed.flat());
  return { threads: allowed.length, allowedPus: all, strayPus: stray, soloPus: solo };
}

/** A thread that ended between the listing and the reading has no status. */
function parseAllowedPus(status: string | null): CpuSet | null {
  const list = /^Cpus_allowed_list:\s*(.*)$/m.exec(status ?? "")?.[1];
  return list === undefined ? null : parseCpuList(list).cpus;
}
