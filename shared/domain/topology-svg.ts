import { foldStrides } from "./cpu-strides.ts";
import { type CpuSet, formatCpuList, parseCpuList } from "./cpuset.ts";
import {
  type Block,
  column,
  escapeXml,
  frame,
  grid,
  type Look,
  row,
  textBlock,
} from "./svg-blocks.ts";
import { formatBytes, printable } from "./text-layout.ts";
import type { Cache, Core, NumaNode, Package, Topology } from "./topology.ts";
import { formatShape } from "./topology-picture.ts";

const looks = {
  package: { fill: "#f6f5f2", stroke: "#55534e" },
  node: { fill: "#e8f0fa", stroke: "#6b8fbf" },
  memoryOnly: { fill: "#fdf1dc", stroke: "#c9994a" },
  l3: { fill: "#ffffff", stroke: "#9a9a9a", dashed: true },
} as const satisfies Record<string, Look>;

/** What a thread is to this process; told apart by lightness too, for those who see colours alike. */
const threadFills = {
  usable: "#2f6db3",
  isolated: "#8a4f9e",
  "not allowed": "#c4c4c4",
} as const;

type ThreadState = keyof typeof threadFills;

/** Beyond this number of cores a core is a square without text; its CPUs are in the tooltip. */
const maxLabelledCores = 64;

const margin = 16;

interface Drawing {
  readonly topology: Topology;
  readonly stateOf: (pu: number) => ThreadState;
  readonly nodeOf: ReadonlyMap<number, number>;
  readonly isLabelled: boolean;
}

/**
 * The host as a stand-alone SVG: packages, in them NUMA nodes, L3 groups and cores, each core split
 * into its threads. Ids are the kernel's; every core tells its CPUs in a tooltip.
 */
export function drawTopologySvg(topology: Topology): string {
  const drawing = makeDrawing(topology);
  const packages = topology.packages.map((set) => drawPackage(drawing, set));
  const placed = new Set(topology.packages.flatMap(({ numaNodes }) => numaNodes));
  const others = topology.numaNodes.filter(({ id }) => !placed.has(id));
  const title = printable(topology.cpu?.modelName ?? "CPU model unknown");
  const content = column(
    [
      textBlock(title, { size: 16, bold: true }),
      textBlock(formatShape(topology), { size: 12 }),
      grid(packages, packages.length > 4 ? 4 : 2, 14),
      row(
        others.map((node) => drawNode(drawing, node, null)),
        10,
      ),
      drawLegend(topology),
    ],
    12,
  );
  const width = content.width + 2 * margin;
  const height = content.height + 2 * margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="Helvetica, Arial, sans-serif" fill="#222">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...content.draw(margin, margin),
    "</svg>\n",
  ].join("\n");
}

function makeDrawing(topology: Topology): Drawing {
  const allowed = new Set(parseCpuList(topology.cpus.allowed).cpus);
  const isolated = new Set(parseCpuList(topology.cpus.isolated ?? "").cpus);
  const nodeOf = new Map<number, number>();
  for (const { id, cpus } of topology.numaNodes) {
    for (const pu of parseCpuList(cpus).cpus) if (!nodeOf.has(pu)) nodeOf.set(pu, id);
  }
  return {
    topology,
    nodeOf,
    isLabelled: topology.cores.length <= maxLabelledCores,
    stateOf: (pu) => (allowed.has(pu) ? (isolated.has(pu) ? "isolated" : "usable") : "not allowed"),
  };
}

function drawPackage(drawing: Drawing, set: Package): Block {
  const { numaNodes, caches } = drawing.topology;
  const members = new Set(parseCpuList(set.cpus).cpus);
  const nodes = numaNodes.filter(({ id }) => set.numaNodes.includes(id));
  const shared = caches.find(({ level, cpus }) => level === 3 && cpus === set.cpus);
  const homeless = [...members].filter((pu) => !drawing.nodeOf.has(pu));
  const inner = nodes.map((node) => drawNode(drawing, node, set));
  const loose = coresOf(drawing, homeless);
  const parts = [
    grid(inner, inner.length > 4 ? 3 : 2, 10),
    ...(loose.length > 0 ? [frame("in no NUMA node", drawCores(drawing, loose), looks.l3)] : []),
    ...(shared !== undefined && set.numaNodes.length > 1 ? [drawL3Band(shared)] : []),
  ];
  const label = `package ${set.id}: ${set.cores} cores, ${set.threads} threads`;
  return frame(label, column(parts, 8), looks.package);
}

function drawL3Band(cache: Cache): Block {
  return textBlock(`L3 ${formatSize(cache)}, shared by the package`, { bold: true });
}

/** The part of a node inside one package; all of it where `set` is null. */
function drawNode(drawing: Drawing, node: NumaNode, set: Package | null): Block {
  const inPackage = set === null ? null : new Set(parseCpuList(set.cpus).cpus);
  const pus = parseCpuList(node.cpus).cpus.filter((pu) => inPackage?.has(pu) ?? true);
  const memory =
    node.memoryBytes === null
      ? "memory unknown"
      : node.memoryBytes === 0
        ? "no memory"
        : formatBytes(node.memoryBytes);
  if (pus.length === 0) {
    return frame(`node ${node.id}`, textBlock(`${memory}, no CPUs`), looks.memoryOnly);
  }
  const cores = coresOf(drawing, pus);
  const groups = groupByL3(drawing, cores, pus);
  const cpus = textBlock(`cpus ${shorten(foldStrides(formatCpuList(pus)))}`, { size: 10 });
  return frame(`node ${node.id}: ${memory}`, column([cpus, ...groups], 6), looks.node);
}

function coresOf({ topology }: Drawing, pus: CpuSet): Core[] {
  const members = new Set(pus);
  return topology.cores.filter(({ cpus }) => members.has(parseCpuList(cpus).cpus[0] ?? -1));
}

/** L3 caches inside the node as frames; cores under a wider cache, or none, stand free. */
function groupByL3(drawing: Drawing, cores: readonly Core[], pus: CpuSet): Block[] {
  const members = new Set(pus);
  const inside = drawing.topology.caches
    .filter(({ level }) => level === 3)
    .map((cache) => ({ cache, pus: new Set(parseCpuList(cache.cpus).cpus) }))
    .filter((group) => [...group.pus].every((pu) => members.has(pu)));
  const firstPu = (core: Core): number => parseCpuList(core.cpus).cpus[0] ?? -1;
  const free = cores.filter((core) => !inside.some((group) => group.pus.has(firstPu(core))));
  const frames = inside.map((group) =>
    frame(
      `L3 ${formatSize(group.cache)}`,
      drawCores(
        drawing,
        cores.filter((core) => group.pus.has(firstPu(core))),
      ),
      looks.l3,
    ),
  );
  const framed = frames.length === 0 ? [] : [grid(frames, 2, 6)];
  return free.length === 0 ? framed : [...framed, drawCores(drawing, free)];
}

function drawCores(drawing: Drawing, cores: readonly Core[]): Block {
  const perRow = Math.max(4, Math.ceil(Math.sqrt(cores.length * (drawing.isLabelled ? 1 : 2))));
  return grid(
    cores.map((core) => drawCore(drawing, core)),
    perRow,
    3,
  );
}

function drawCore({ stateOf, isLabelled }: Drawing, core: Core): Block {
  const { cpus } = parseCpuList(core.cpus);
  const [width, height] = isLabelled ? [22 * Math.max(cpus.length, 1), 18] : [14, 14];
  const slice = width / Math.max(cpus.length, 1);
  const tip = `core ${core.core ?? "?"} of package ${core.package ?? "?"}: cpus ${core.cpus}`;
  return {
    width,
    height,
    draw: (x, y) => [
      `<g><title>${escapeXml(tip)}</title>`,
      ...cpus.flatMap((pu, index) => {
        const left = x + index * slice;
        const fill = threadFills[stateOf(pu)];
        const box = `<rect x="${left}" y="${y}" width="${slice - 1}" height="${height}" fill="${fill}"/>`;
        const text = `<text x="${left + slice / 2}" y="${y + 13}" font-size="10" fill="#fff" text-anchor="middle">${pu}</text>`;
        return isLabelled ? [box, text] : [box];
      }),
      "</g>",
    ],
  };
}

function drawLegend(topology: Topology): Block {
  const entries = Object.entries(threadFills).map(([name, fill]) => {
    const swatch: Block = {
      width: 14,
      height: 14,
      draw: (x, y) => [`<rect x="${x}" y="${y}" width="13" height="13" fill="${fill}"/>`],
    };
    return row([swatch, textBlock(name)], 4);
  });
  const { offline } = topology.cpus;
  const notes = offline === "" ? [] : [textBlock(`offline: ${shorten(foldStrides(offline))}`)];
  return row([textBlock("one bar is one thread:"), ...entries, ...notes], 14);
}

function formatSize({ sizeBytes }: Cache): string {
  return sizeBytes === null ? "of unknown size" : formatBytes(sizeBytes);
}

/** A list too long for its frame ends in dots; every core tells its own CPUs. */
function shorten(list: string): string {
  return list.length <= 40 ? list : `${list.slice(0, 39)}…`;
}
