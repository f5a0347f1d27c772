/** Bytes of a process by the NUMA node that holds them. */
export type BytesByNode = ReadonlyMap<number, number>;

/**
 * Parses /proc/PID/numa_maps: each line has `N<node>=<pages>` fields and the size of its pages. Pages of
 * files are left out: they lie where the page cache had them before this launch. See numa(7).
 */
export function parseNumaMaps(text: string): BytesByNode {
  const bytes = new Map<number, number>();
  for (const line of text.split("\n")) {
    if (line.includes(" file=")) continue;
    const pageKb = Number(/ kernelpagesize_kB=(\d+)/.exec(line)?.[1] ?? 0);
    for (const [, id, pages] of line.matchAll(/ N(\d+)=(\d+)/g)) {
      const node = Number(id);
      bytes.set(node, (bytes.get(node) ?? 0) + Number(pages) * pageKb * 1_024);
    }
  }
  return bytes;
}

/** The share of a process's bytes on the given nodes; null where it has none or none are given. */
export function locality(bytes: BytesByNode, nodes: readonly number[]): number | null {
  let total = 0;
  let local = 0;
  for (const [node, count] of bytes) {
    total += count;
    if (nodes.includes(node)) local += count;
  }
  return total === 0 || nodes.length === 0 ? null : local / total;
}
