import { formatCpuList } from "../../shared/domain/cpuset.ts";
import type { InstancePlacement } from "../../shared/domain/placement.ts";
import type { OutlinedHost, SweepOutline } from "../logic/plan-sweep.ts";
import type { PlannedPlacement } from "../logic/sweep-plan.ts";
import { formatDuration } from "./format-duration.ts";
import { type Column, formatTable, wrap } from "./text-table.ts";

/** What a screen takes; the rest is counted, and in the JSON. */
const maxShown = { placements: 16, instances: 8 } as const;

/** The plan for people, `width` columns wide, ending in a line break. */
export function formatPlan(outline: SweepOutline, width: number): string {
  const hosts = outline.hosts.flatMap((host) => [...formatHost(host, width), ""]);
  return `${[...hosts, ...formatUnmatched(outline, width), formatTotal(outline)].join("\n")}\n`;
}

function formatHost(host: OutlinedHost, width: number): readonly string[] {
  const cells = `${count(host.cellCount - host.canaryCells, "cell")} of ${group(host.written)} written`;
  const launches = `${count(host.launchCount, "process start")}`;
  const canaries = host.canaryCells === 0 ? "" : ` and ${count(host.canaryCells, "canary visit")}`;
  const head = `${host.hostId}: ${cells}${canaries}, ${launches}, about ${formatDuration(host.estimatedSeconds)}`;
  return [
    ...wrap(head, width),
    "",
    ...formatPlacements(host.placements, width),
    ...formatPruned(host, width),
    "",
    ...wrap(`Time is ${host.estimateBasis}.`, width - 2).map((line) => `  ${line}`),
  ];
}

const placementColumns: readonly Column[] = [
  { title: "placement", align: "left" },
  { title: "threads", align: "right" },
  { title: "CPUs", align: "left", wraps: true },
  { title: "memory", align: "left" },
];

function formatPlacements(
  placements: readonly PlannedPlacement[],
  width: number,
): readonly string[] {
  const shown = placements.slice(0, maxShown.placements);
  const rows = shown.flatMap(placementRows);
  const more = placements.length - shown.length;
  const note = more > 0 ? [`  … and ${count(more, "placement")} more (-o json shows all)`] : [];
  return [...formatTable(placementColumns, rows, width), ...note];
}

function placementRows({ label, resolved }: PlannedPlacement): readonly (readonly string[])[] {
  const shown = resolved.instances.slice(0, maxShown.instances);
  const rows = shown.map((instance, index) => [
    index === 0 ? shorten(label) : "",
    String(instance.threads),
    formatCpuList(instance.pus),
    describeMemory(instance),
  ]);
  const more = resolved.instances.length - shown.length;
  if (more > 0) rows.push(["", "", `… and ${count(more, "instance")} more`, ""]);
  if (resolved.idlePus.length > 0) rows.push(["", "idle", formatCpuList(resolved.idlePus), ""]);
  return rows;
}

/** `placement=one-socket cores=4 instances=1 smt=off memory_policy=local` → `one-socket cores=4`. */
function shorten(label: string): string {
  return label
    .replace(/^placement=/, "")
    .replace(/ instances=1(?= |$)/, "")
    .replace(/ smt=off(?= |$)/, "")
    .replace(/ memory_policy=\w+/, "");
}

function describeMemory({ memoryNodes, memoryPolicy }: InstancePlacement): string {
  return memoryNodes.length === 0 ? memoryPolicy : `${memoryPolicy} ${formatCpuList(memoryNodes)}`;
}

const prunedColumns: readonly Column[] = [
  { title: "left out", align: "right" },
  { title: "by", align: "left" },
  { title: "because", align: "left", wraps: true },
];

/** By rule, with its commonest reason: one rule can have a reason for every core count. */
function formatPruned({ pruned }: OutlinedHost, width: number): readonly string[] {
  if (pruned.length === 0) return [];
  const rules = [...new Set(pruned.map((entry) => entry.rule))];
  const rows = rules.map((rule) => {
    const entries = pruned.filter((entry) => entry.rule === rule);
    const [worst] = [...entries].sort((a, b) => b.count - a.count);
    const total = entries.reduce((sum, entry) => sum + entry.count, 0);
    const more = entries.length > 1 ? `; ${count(entries.length - 1, "reason")} more` : "";
    return { total, row: [group(total), rule, `${worst?.reason ?? ""}${more}`] };
  });
  const most = rows.sort((a, b) => b.total - a.total).map(({ row }) => row);
  return ["", ...formatTable(prunedColumns, most, width)];
}

const unmatchedColumns: readonly Column[] = [
  { title: "not planned", align: "left" },
  { title: "because", align: "left", wraps: true },
];

function formatUnmatched({ unmatched }: SweepOutline, width: number): readonly string[] {
  if (unmatched.length === 0) return [];
  const rows = unmatched.map((host) => [host.hostId, host.reason]);
  return [...formatTable(unmatchedColumns, rows, width), ""];
}

function formatTotal({ name, hosts }: SweepOutline): string {
  const cells = hosts.reduce((sum, host) => sum + host.cellCount, 0);
  const longest = Math.max(0, ...hosts.map((host) => host.estimatedSeconds));
  const time = hosts.length === 0 ? "" : `, about ${formatDuration(longest)}`;
  return `${name}: ${count(cells, "cell")} on ${count(hosts.length, "host")}${time}`;
}

function count(number: number, noun: string): string {
  return `${group(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** Thousands set apart: 645,120. */
function group(number: number): string {
  return number.toLocaleString("en-US");
}
