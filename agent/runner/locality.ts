import type { Readings } from "./counters/collector.ts";
import type { HostFiles } from "./launch-files.ts";
import { type BytesByNode, locality, parseNumaMaps } from "./numa-maps.ts";
import type { RunningLaunch } from "./running-launch.ts";

/**
 * Where the instances' memory lies: `locality` is the share on the NUMA nodes of their own PUs,
 * `memory_on_plan` the share on the nodes that a binding policy named. Each is the worst instance's.
 */
export async function readLocality({ instances, plan, deps }: RunningLaunch): Promise<Readings> {
  const { files } = deps.system;
  const shares = await Promise.all(
    instances.map(async ({ pid }, index) => {
      const placement = plan.instances[index];
      const text = await files.read(`/proc/${pid}/numa_maps`);
      if (text === null || placement === undefined) return { local: null, planned: null };
      const bytes = parseNumaMaps(text);
      const isBound = placement.memoryPolicy === "bind" || placement.memoryPolicy === "interleave";
      return {
        local: locality(bytes, await nodesOf(files, placement.pus)),
        planned: isBound ? locality(bytes, placement.memoryNodes) : null,
        bytes: total(bytes),
      };
    }),
  );
  return {
    locality: worst(shares.map(({ local }) => local)),
    memory_on_plan: worst(shares.map(({ planned }) => planned)),
    anonymous_bytes: shares.reduce((sum, { bytes = 0 }) => sum + bytes, 0),
  };
}

/** The NUMA nodes of PUs: sysfs has a link `node<id>` in the directory of each. */
async function nodesOf(files: HostFiles, pus: readonly number[]): Promise<readonly number[]> {
  const names = await Promise.all(pus.map((pu) => files.list(`/sys/devices/system/cpu/cpu${pu}`)));
  const ids = names.flat().flatMap((name) => {
    const id = /^node(\d+)$/.exec(name)?.[1];
    return id === undefined ? [] : [Number(id)];
  });
  return [...new Set(ids)];
}

function total(bytes: BytesByNode): number {
  return [...bytes.values()].reduce((sum, count) => sum + count, 0);
}

function worst(shares: readonly (number | null)[]): number | null {
  const known = shares.filter((share) => share !== null);
  return known.length === shares.length && known.length > 0 ? Math.min(...known) : null;
}
