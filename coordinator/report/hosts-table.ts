import { formatBytes, printable } from "../../shared/domain/text-layout.ts";
import type { Topology } from "../../shared/domain/topology.ts";
import { formatMap } from "../../shared/domain/topology-picture-state.ts";

/** A host as a list shows it. */
export interface ListedHost {
  readonly hostId: string;
  readonly state: string;
  readonly hostClass: string;
  readonly agentVersion: string;
  readonly currentSweepId: string;
  readonly spoolDepth: number;
  readonly spoolBytes: number;
  /** When some coordinator last heard it, in ms since 1970; 0 where none has since it began. */
  readonly lastSeenMs: number;
  /** `cordon` or `drain`; empty where it gets grants. */
  readonly cordonMode: string;
  /** `operator` or `coordinator`. */
  readonly cordonBy: string;
  readonly topology: Topology;
  /** The coordinator that hears it; empty where it is the one that was asked. */
  readonly heardBy: string;
  readonly runners: readonly { readonly name: string }[];
  readonly labels: Readonly<Record<string, string>>;
}

/** The hosts as rows with a header; `wide` adds what classes usually differ in. */
export function listHosts(hosts: readonly ListedHost[], wide: boolean): string[][] {
  const header = ["HOST", "STATE", "SHAPE", "MODEL", "ISA", "CLASS"];
  const wideHeader = [
    "MEMORY",
    "MICROCODE",
    "KERNEL",
    "GOVERNOR",
    "THP",
    "AGENT",
    "SPOOL",
    "SWEEP",
  ];
  const rows = hosts.map((host) => {
    const { topology } = host;
    const row = [
      host.hostId,
      // The reason stands below the table, where it has room.
      host.state.split(": ")[0] ?? "",
      formatShortShape(topology),
      shortModel(topology.cpu?.modelName ?? null),
      formatIsa(topology),
      host.hostClass,
    ];
    return (wide ? [...row, ...wideCells(host)] : row).map(printable);
  });
  return [wide ? [...header, ...wideHeader] : header, ...rows];
}

function wideCells({ topology, agentVersion, spoolDepth, currentSweepId }: ListedHost): string[] {
  const { summary, cpu, system } = topology;
  return [
    summary.memoryBytes === null ? "?" : formatBytes(summary.memoryBytes),
    cpu?.microcode ?? "?",
    system.kernelRelease ?? "?",
    system.scalingGovernor === null ? "?" : formatMap(system.scalingGovernor),
    /\[(\w+)\]/.exec(system.thpEnabled ?? "")?.[1] ?? "?",
    agentVersion,
    String(spoolDepth),
    currentSweepId === "" ? "-" : currentSweepId,
  ];
}

/** Sockets × NUMA nodes × cores × threads, all of them totals of the host: `2×8×112×224`. */
export function formatShortShape({ summary }: Topology): string {
  const { packages, numaNodes, cores, threads } = summary;
  return [packages ?? "?", numaNodes, cores ?? "?", threads].join("×");
}

/** What decides the kernels of int8 and bf16 inference, the strongest first; `?` where unknown. */
export function formatIsa({ flags }: Topology): string {
  if (flags === null) return "?";
  const has = (flag: string): boolean => flags[flag] === true;
  const names = [
    has("amx_int8") || has("amx_bf16") ? "AMX" : null,
    has("avx512_vnni") ? "VNNI" : has("avx_vnni") ? "AVX-VNNI" : null,
    has("avx512_bf16") ? "BF16" : null,
    has("avx512f") ? "AVX512" : has("avx2") ? "AVX2" : null,
  ].filter((name) => name !== null);
  return names.length === 0 ? "-" : names.join(",");
}

/** `Intel(R) Xeon(R) Platinum 8480+` → `Xeon Platinum 8480+`. */
function shortModel(name: string | null): string {
  if (name === null) return "?";
  return name
    .replace(/\((?:R|TM|tm)\)/g, "")
    .replace(/\b(?:Intel|CPU|Processor)\b/g, "")
    .replace(/@.*$/, "")
    .replace(/\s+/g, " ")
    .trim();
}
