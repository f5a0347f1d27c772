import type { HugepageCount, HugepagePool } from "../../shared/domain/topology.ts";
import { type HostFiles, readInteger } from "./host-files.ts";

/** Page size in KiB → counts, ascending, of one `hugepages` directory; null where there is none. */
export async function readHugepageCounts(
  files: HostFiles,
  directory: string,
): Promise<Readonly<Record<string, HugepageCount>> | null> {
  const pools = await readPools(files, directory);
  if (pools === null) return null;
  return Object.fromEntries(pools.map(({ sizeKiB, total, free }) => [sizeKiB, { total, free }]));
}

/** The host's pools, ascending by size: pages of every node together. */
export function readHostHugepages(files: HostFiles): Promise<readonly HugepagePool[] | null> {
  return readPools(files, "sys/kernel/mm/hugepages");
}

async function readPools(
  files: HostFiles,
  directory: string,
): Promise<readonly HugepagePool[] | null> {
  const names = await files.reader.list(directory);
  if (names === null) return null;
  const pools: HugepagePool[] = [];
  for (const name of names) {
    const sizeKiB = Number(/^hugepages-(\d{1,12})kB$/.exec(name)?.[1]);
    if (Number.isNaN(sizeKiB)) continue;
    const total = await readInteger(files, `${directory}/${name}/nr_hugepages`);
    const free = await readInteger(files, `${directory}/${name}/free_hugepages`);
    if (total !== null && free !== null) pools.push({ sizeKiB, total, free });
  }
  return pools.length === 0 ? null : pools.sort((a, b) => a.sizeKiB - b.sizeKiB);
}
