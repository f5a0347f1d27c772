import {
  type CpuSet,
  formatCpuList,
  parseCpuList,
  subtractCpuSets,
  toCpuSet,
} from "../../shared/domain/cpuset.ts";
import type { HostFiles } from "./launch-files.ts";

/** The agent's own process, as far as it can be moved. */
export interface OwnProcess {
  readonly pid: number;
  /** Binds every thread of it to these PUs; false where that failed. */
  readonly bindTo: (pus: string) => Promise<boolean>;
}

export interface SteppedAside {
  /** Whether no thread of the agent may run on the launch's PUs. */
  readonly isAside: boolean;
  /** Lets the agent run where it could before. */
  readonly comeBack: () => Promise<void>;
}

/**
 * Moves the agent off the PUs that a launch measures on, and off the other hardware threads of their cores
 * where that leaves it any. Where the launch takes every PU that the agent may use, it stays.
 */
export async function stepAside(
  files: HostFiles,
  own: OwnProcess,
  measured: CpuSet,
): Promise<SteppedAside> {
  const stays: SteppedAside = { isAside: false, comeBack: () => Promise.resolve() };
  const status = await files.read(`/proc/${own.pid}/status`);
  const list = /^Cpus_allowed_list:\s*(.*)$/m.exec(status ?? "")?.[1];
  if (list === undefined) return stays;
  const allowed = parseCpuList(list).cpus;
  const beside = subtractCpuSets(allowed, measured);
  const apart = subtractCpuSets(beside, await siblingsOf(files, measured));
  const chosen = apart.length > 0 ? apart : beside;
  if (chosen.length === allowed.length) return { ...stays, isAside: true };
  if (chosen.length === 0 || !(await own.bindTo(formatCpuList(chosen)))) return stays;
  return {
    isAside: true,
    comeBack: async () => {
      await own.bindTo(list);
    },
  };
}

/** The hardware threads that share a core with these PUs. */
async function siblingsOf(files: HostFiles, pus: CpuSet): Promise<CpuSet> {
  const lists = await Promise.all(
    pus.map((pu) => files.read(`/sys/devices/system/cpu/cpu${pu}/topology/thread_siblings_list`)),
  );
  return toCpuSet(lists.flatMap((list) => (list === null ? [] : parseCpuList(list).cpus)));
}
