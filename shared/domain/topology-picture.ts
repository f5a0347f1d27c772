import { foldStrides } from "./cpu-strides.ts";
import { formatDistanceGroup, groupDistances } from "./node-distances.ts";
import { countOf, formatBytes, layOut, makePaint, printable } from "./text-layout.ts";
import type { Cache, Topology } from "./topology.ts";
import type { Canvas } from "./topology-picture-canvas.ts";
import { drawCores, drawPackages } from "./topology-picture-nodes.ts";
import { describeFlags, describeState } from "./topology-picture-state.ts";

export interface PictureOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** Every core, all warnings. */
  readonly full: boolean;
  readonly colour: boolean;
}

/** Narrower, the labels alone would fill a line. */
const minWidth = 40;

/** Columns of the labels at the left edge. */
const labelWidth = 10;

/** Warnings shown unless the picture is full. */
const shownWarnings = 5;

/**
 * The host as text for a terminal: one line per NUMA node under its package, then what is shared, how
 * far the nodes are, what the CPU can do and the state it is in. All numbers are the kernel's own.
 */
export function renderTopology(topology: Topology, options: PictureOptions): string {
  const canvas: Canvas = {
    width: Math.max(options.width, minWidth),
    full: options.full,
    paint: makePaint(options.colour),
  };
  const sections = [
    drawTitle(canvas, topology),
    drawPackages(canvas, topology),
    drawFacts(canvas, topology),
    options.full ? drawCores(canvas, topology) : [],
    drawWarnings(canvas, topology.warnings),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}

function drawTitle(canvas: Canvas, topology: Topology): string[] {
  const { cpu, system } = topology;
  const name = cpu?.modelName ?? cpu?.armParts?.map(({ part }) => `ARM part ${part}`).join(", ");
  const ids = [
    cpu?.family == null ? null : `family ${cpu.family}`,
    cpu?.model == null ? null : `model ${cpu.model}`,
    cpu?.stepping == null ? null : `stepping ${cpu.stepping}`,
    cpu?.microcode == null ? null : `microcode ${cpu.microcode}`,
    system.kernelRelease === null ? null : `kernel ${system.kernelRelease}`,
  ].filter((item) => item !== null);
  return [
    canvas.paint("bold", printable(name ?? "CPU model unknown").slice(0, canvas.width)),
    ...layOut("", [formatShape(topology)], { width: canvas.width }),
    ...(ids.length === 0
      ? []
      : layOut("", ids.map(printable), { width: canvas.width }).map((line) =>
          canvas.paint("dim", line),
        )),
  ];
}

/** `2 packages, 8 NUMA nodes, 112 cores, 224 threads (2 a core), 504 GiB` */
export function formatShape({ summary }: Topology): string {
  const perCore = summary.threadsPerCore;
  const threads = perCore.length === 1 ? `${perCore[0]} a core` : `${perCore.join(" or ")} a core`;
  return [
    summary.packages === null ? "packages unknown" : countOf(summary.packages, "package"),
    countOf(summary.numaNodes, "NUMA node"),
    summary.cores === null ? "cores unknown" : countOf(summary.cores, "core"),
    countOf(summary.threads, "thread") + (perCore.length === 0 ? "" : ` (${threads})`),
    summary.memoryBytes === null ? "memory unknown" : formatBytes(summary.memoryBytes),
  ].join(", ");
}

function drawFacts(canvas: Canvas, topology: Topology): string[] {
  const { numaNodes } = topology;
  const fact = (label: string, items: readonly string[], gap = "   "): string[] => {
    if (items.length === 0) return [];
    const head = label.padEnd(labelWidth);
    const lines = layOut(head, items.map(printable), { width: canvas.width, gap });
    return lines.map((line, index) =>
      index === 0 ? canvas.paint("bold", head) + line.slice(labelWidth) : line,
    );
  };
  const hasDistances = numaNodes.length > 1;
  return [
    ...fact("caches", describeCaches(topology.caches)),
    ...groupDistances(hasDistances ? numaNodes : []).flatMap((group, index) =>
      fact(index === 0 ? "distances" : "", formatDistanceGroup(group), " "),
    ),
    ...fact("ISA", describeFlags(topology, canvas.full), " "),
    ...describeState(topology).flatMap(({ label, items }) => fact(label, items)),
    ...fact("cpus", describeCpuSets(topology)),
  ];
}

/** `L2 112 × 2 MiB`: instances times size, each size of its own where cores differ. */
export function describeCaches(caches: readonly Cache[]): string[] {
  const counts = new Map<string, number>();
  for (const { level, type, sizeBytes } of caches) {
    const kind = `L${level}${type === "Data" ? "d" : type === "Instruction" ? "i" : ""}`;
    const size = sizeBytes === null ? "size unknown" : formatBytes(sizeBytes);
    const key = `${kind}\n${size}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const kinds = new Map<string, string[]>();
  for (const [key, count] of counts) {
    const [kind = "", size = ""] = key.split("\n");
    kinds.set(kind, [...(kinds.get(kind) ?? []), `${count} × ${size}`]);
  }
  return [...kinds].map(([kind, sizes]) => `${kind} ${sizes.join(" + ")}`);
}

function describeCpuSets({ cpus, hybridKinds, system }: Topology): string[] {
  const items = [];
  if (system.cgroupCpuQuota !== null) {
    items.push(`CPU time limited to ${Number(system.cgroupCpuQuota.toFixed(2))} CPUs`);
  }
  if (cpus.allowed !== cpus.online) items.push(`allowed here only ${foldStrides(cpus.allowed)}`);
  if (cpus.offline !== "") items.push(`offline ${foldStrides(cpus.offline)}`);
  if (cpus.isolated !== null && cpus.isolated !== "") {
    items.push(`isolated ${foldStrides(cpus.isolated)}`);
  }
  for (const { cpus: list, infos } of hybridKinds ?? []) {
    const facts = Object.entries(infos).map(([name, value]) => `${name} ${value}`);
    items.push(`kind ${foldStrides(list)} (${facts.join(", ")})`);
  }
  return items;
}

function drawWarnings(canvas: Canvas, warnings: readonly string[]): string[] {
  const shown = canvas.full ? warnings : warnings.slice(0, shownWarnings);
  const lines = shown.flatMap((warning) =>
    layOut("warning   ", [printable(warning)], { width: canvas.width }),
  );
  const hidden = warnings.length - shown.length;
  if (hidden > 0) lines.push(`warning   ${hidden} more; --full shows them`);
  return lines.map((line) => canvas.paint("yellow", line));
}
