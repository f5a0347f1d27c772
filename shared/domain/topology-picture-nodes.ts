import { foldStrides } from "./cpu-strides.ts";
import { formatCpuList, parseCpuList } from "./cpuset.ts";
import { countOf, formatBytes, layOut } from "./text-layout.ts";
import type { Cache, NumaNode, Package, Topology } from "./topology.ts";
import type { Canvas } from "./topology-picture-canvas.ts";

/** Each package with its NUMA nodes below; nodes of no package at the end. */
export function drawPackages(canvas: Canvas, topology: Topology): string[] {
  const { packages, numaNodes } = topology;
  const drawn = new Set<number>();
  const lines = packages.flatMap((set) => {
    const nodes = numaNodes.filter(({ id }) => set.numaNodes.includes(id));
    for (const { id } of nodes) drawn.add(id);
    return drawPackage(canvas, topology, set, nodes);
  });
  const others = numaNodes.filter(({ id }) => !drawn.has(id));
  if (others.length === 0) return lines;
  const heading = packages.length === 0 ? "packages unknown" : "in no package";
  return [
    ...lines,
    canvas.paint("bold", heading),
    ...others.flatMap((node) => drawNode(canvas, topology, node)),
  ];
}

function drawPackage(
  canvas: Canvas,
  topology: Topology,
  set: Package,
  nodes: readonly NumaNode[],
): string[] {
  const head = `package ${set.id}  `;
  const items = [`${countOf(set.cores, "core")} (${countOf(set.threads, "thread")})`];
  const hasOwnList = !nodes.some(({ cpus }) => cpus === set.cpus);
  if (hasOwnList) items.push(`cpus ${foldStrides(set.cpus)}`);
  if (nodes.length === 0) items.push("no NUMA node");
  items.push(...describePackageL3(topology, set));
  const heading = layOut(head, items, { width: canvas.width }).map((line, index) =>
    index === 0 ? canvas.paint("bold", head) + line.slice(head.length) : line,
  );
  return [...heading, ...nodes.flatMap((node) => drawNode(canvas, topology, node))];
}

function drawNode(canvas: Canvas, topology: Topology, node: NumaNode): string[] {
  const wide = Math.max(...topology.numaNodes.map(({ id }) => String(id).length));
  const head = `  node ${String(node.id).padEnd(wide)}  `;
  return layOut(head, describeNode(topology, node), { width: canvas.width });
}

/** What a line about a NUMA node says, the most asked-for first. */
export function describeNode(topology: Topology, node: NumaNode): string[] {
  const items = node.cpus === "" ? [] : describeCores(topology, node);
  if (node.kind === "memory-only" || node.kind === "cpu-only") items.push(node.kind);
  if (node.kind === "empty") items.push("neither CPUs nor memory");
  if (node.memoryBytes !== 0) {
    items.push(node.memoryBytes === null ? "memory unknown" : formatBytes(node.memoryBytes));
  }
  if (node.cpus !== "") items.push(`cpus ${foldStrides(node.cpus)}`, ...describeL3(topology, node));
  else items.push(...describeNearest(topology, node));
  return [...items, ...describeHugepages(node), ...describeMemoryCaches(node)];
}

function describeCores({ cores }: Topology, { cpus }: NumaNode): string[] {
  const members = new Set(parseCpuList(cpus).cpus);
  const count = cores.filter((core) =>
    parseCpuList(core.cpus).cpus.some((pu) => members.has(pu)),
  ).length;
  const threads = countOf(members.size, "thread");
  return [count === 0 ? threads : `${countOf(count, "core")} (${threads})`];
}

/** An L3 that all of a package's nodes share is told once, with the package. */
function describePackageL3({ caches }: Topology, set: Package): string[] {
  const shared = caches.find(({ level, cpus }) => level === 3 && cpus === set.cpus);
  if (shared === undefined || set.numaNodes.length < 2) return [];
  return [`L3 ${formatCacheSize(shared)}`];
}

function formatCacheSize({ sizeBytes }: Cache): string {
  return sizeBytes === null ? "size unknown" : formatBytes(sizeBytes);
}

/** The L3 caches of a node, and the other nodes that share them. */
function describeL3({ caches, numaNodes, packages }: Topology, node: NumaNode): string[] {
  const isTold = packages.some(
    (set) =>
      set.numaNodes.length > 1 &&
      set.numaNodes.includes(node.id) &&
      caches.some(({ level, cpus }) => level === 3 && cpus === set.cpus),
  );
  if (isTold) return [];
  const members = new Set(parseCpuList(node.cpus).cpus);
  const touching = caches
    .filter(({ level }) => level === 3)
    .map((cache) => ({ ...cache, pus: parseCpuList(cache.cpus).cpus }))
    .filter(({ pus }) => pus.some((pu) => members.has(pu)));
  const [first] = touching;
  if (first === undefined) return [];
  const size = formatCacheSize(first);
  const count = touching.length === 1 ? "" : `${touching.length} × `;
  const reached = new Set(touching.flatMap(({ pus }) => pus));
  const sharers = numaNodes.filter(
    ({ id, cpus }) => id !== node.id && parseCpuList(cpus).cpus.some((pu) => reached.has(pu)),
  );
  if (sharers.length === 0) return [`L3 ${count}${size}`];
  return [`L3 ${count}${size} shared with ${formatCpuList(sharers.map(({ id }) => id))}`];
}

function describeNearest({ numaNodes }: Topology, node: NumaNode): string[] {
  if (node.localCpus === "") return [];
  const local = new Set(parseCpuList(node.localCpus).cpus);
  const near = numaNodes.filter(({ cpus }) => parseCpuList(cpus).cpus.some((pu) => local.has(pu)));
  const ids = near.map(({ id }) => id);
  const distance = node.distances?.[ids[0] ?? -1];
  const how = distance === undefined ? "" : ` (distance ${distance})`;
  return ids.length === 0 ? [] : [`nearest to node ${formatCpuList(ids)}${how}`];
}

function describeHugepages({ hugepages }: NumaNode): string[] {
  return Object.entries(hugepages ?? {})
    .filter(([, { total }]) => total > 0)
    .map(([kib, { total, free }]) => {
      const size = formatBytes(Number(kib) * 1024).replace(/ |iB/g, "");
      return `hugepages ${size}: ${total} (${free} free)`;
    });
}

function describeMemoryCaches({ memorySideCaches }: NumaNode): string[] {
  return (memorySideCaches ?? []).map(({ sizeBytes }) =>
    sizeBytes === null ? "memory-side cache" : `memory-side cache ${formatBytes(sizeBytes)}`,
  );
}

/** Every core of every NUMA node, in as many columns as fit: `core 0: 0,112`. */
export function drawCores(canvas: Canvas, topology: Topology): string[] {
  const groups = new Map<string, string[]>();
  for (const { package: packageId, numaNodes, core, cpus } of topology.cores) {
    const node = numaNodes === null || numaNodes.length === 0 ? "unknown" : numaNodes.join(",");
    const key = `cores of package ${packageId ?? "unknown"}, node ${node}`;
    const group = groups.get(key) ?? [];
    group.push(`${core ?? "?"}: ${cpus}`);
    groups.set(key, group);
  }
  return [...groups].flatMap(([heading, items]) => {
    const wide = Math.max(...items.map((item) => item.length));
    const cells = items.map((item) => item.padEnd(wide));
    return [
      ...layOut("", [`${heading} (core id: cpus)`], { width: canvas.width }).map((line) =>
        canvas.paint("bold", line),
      ),
      ...layOut("  ", cells, { width: canvas.width, gap: "  " }).map((line) => line.trimEnd()),
    ];
  });
}
