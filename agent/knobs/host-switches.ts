import { governorPath } from "./governor.ts";
import { hugePagesPath } from "./huge-pages.ts";
import type { HostSwitch } from "./knob.ts";

/** What is asked of the host to find out which of its settings may be changed. */
export interface SwitchProbe {
  readonly read: (path: string) => Promise<string | null>;
  readonly canWrite: (path: string) => Promise<boolean>;
}

const pmdSizePath = "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size";

/** Transparent huge pages, or why this agent cannot set them. */
export async function readHugePages(probe: SwitchProbe): Promise<HostSwitch> {
  const text = await probe.read(hugePagesPath);
  if (text === null) return { values: [], problem: `${hugePagesPath} is not there` };
  const values = text.replaceAll(/[[\]]/g, "").trim().split(/\s+/);
  if (!(await probe.canWrite(hugePagesPath))) {
    return { values, problem: `this agent may not write ${hugePagesPath}` };
  }
  return { values, problem: await findOverride(probe) };
}

/** Since Linux 6.8 each size of huge pages has a switch of its own, which the general one may not reach. */
async function findOverride({ read }: SwitchProbe): Promise<string | null> {
  const bytes = Number((await read(pmdSizePath)) ?? 0);
  const path = `/sys/kernel/mm/transparent_hugepage/hugepages-${bytes / 1_024}kB/enabled`;
  const text = await read(path);
  if (text === null || text.includes("[inherit]")) return null;
  return `${path} does not follow the general setting: ${text.trim()}`;
}

/** The governors of the first CPU stand for all: drivers offer the same everywhere. */
export async function readGovernor(probe: SwitchProbe): Promise<HostSwitch> {
  const path = governorPath(0);
  const offered = await probe.read(path.replace("scaling_governor", "scaling_available_governors"));
  if (offered === null) return { values: [], problem: "this host has no frequency governors" };
  const values = offered.trim().split(/\s+/);
  if (await probe.canWrite(path)) return { values, problem: null };
  return { values, problem: `this agent may not write ${path}` };
}
