import { foldStrides } from "./cpu-strides.ts";
import { formatBytes } from "./text-layout.ts";
import type { MapByValue, SystemState, Topology } from "./topology.ts";

/** Flags that decide which kernels an inference library picks, the newest last. */
const inferenceFlags = [
  "avx2",
  "fma",
  "f16c",
  "avx512f",
  "avx512bw",
  "avx512dq",
  "avx512vl",
  "avx512_vnni",
  "avx_vnni",
  "avx_vnni_int8",
  "avx512_bf16",
  "avx512_fp16",
  "amx_tile",
  "amx_int8",
  "amx_bf16",
  "amx_fp16",
  "avx10",
] as const;

/** The flags that matter for inference and that the host has; `full` lists all, then the missing. */
export function describeFlags({ flags, armFeatures, cpu }: Topology, full: boolean): string[] {
  if (flags !== null) {
    const names = full ? Object.keys(flags) : inferenceFlags;
    const present = names.filter((name) => flags[name] === true);
    const missing = names.filter((name) => flags[name] === false);
    const lacks = full && missing.length > 0 ? ["| not:", ...missing] : [];
    return present.length === 0 ? ["nothing beyond SSE", ...lacks] : [...present, ...lacks];
  }
  if (armFeatures === null) return [cpu === null ? "unknown: no /proc/cpuinfo" : "unknown"];
  return Object.keys(armFeatures).filter((name) => armFeatures[name] === true);
}

interface StateLine {
  readonly label: string;
  readonly items: readonly string[];
}

/** The state that changes results, in lines by theme; what the host does not say is left out. */
export function describeState(topology: Topology): StateLine[] {
  const { system } = topology;
  return [
    { label: "frequency", items: describeFrequency(system) },
    { label: "threads", items: describeSmt(system) },
    { label: "memory", items: describeMemory(system) },
    { label: "kernel", items: describeKernel(system) },
    { label: "board", items: describeBoard(topology) },
  ].filter(({ items }) => items.length > 0);
}

/** `performance`, or where CPUs differ `performance on 0-4, powersave on 5`. */
export function formatMap(map: MapByValue, show: (value: string) => string = String): string {
  const entries = Object.entries(map);
  if (entries.length === 1) return show(entries[0]?.[0] ?? "");
  return entries.map(([value, cpus]) => `${show(value)} on ${foldStrides(cpus)}`).join(", ");
}

function describeFrequency(system: SystemState): string[] {
  const { scalingGovernor, scalingDriver, maxFreqKHz, baseFreqKHz } = system;
  const items = [];
  if (scalingGovernor !== null) items.push(`governor ${formatMap(scalingGovernor)}`);
  if (scalingDriver !== null) items.push(`driver ${formatMap(scalingDriver)}`);
  items.push(`turbo ${describeTurbo(system)}`);
  if (baseFreqKHz !== null) items.push(`base ${formatMap(baseFreqKHz, formatGhz)}`);
  if (maxFreqKHz !== null) items.push(`max ${formatMap(maxFreqKHz, formatGhz)}`);
  return items;
}

type Turbo = "on" | "off" | "on some CPUs only" | "unknown";

/** A host without any of the switches does not say. */
export function describeTurbo(system: SystemState): Turbo {
  if (system.intelPstateNoTurbo !== null) return system.intelPstateNoTurbo === 0 ? "on" : "off";
  // The host's switch sets those of all policies; a policy that is off stays off while it is on.
  if (system.cpufreqBoost === 0) return "off";
  const states = new Set(Object.keys(system.policyBoost ?? {}));
  if (states.has("0") && states.has("1")) return "on some CPUs only";
  if (states.has("0")) return "off";
  return system.cpufreqBoost === 1 || states.has("1") ? "on" : "unknown";
}

function formatGhz(kHz: string): string {
  return /^\d+$/.test(kHz) ? `${(Number(kHz) / 1e6).toFixed(2)} GHz` : kHz;
}

function describeSmt({ smtControl, smtActive, cpuidleDriver }: SystemState): string[] {
  const items = [];
  if (smtControl !== null) items.push(`SMT ${smtControl}`);
  else if (smtActive !== null) items.push(`SMT ${smtActive === 0 ? "off" : "on"}`);
  if (cpuidleDriver !== null) items.push(`idle driver ${cpuidleDriver}`);
  return items;
}

function describeMemory(system: SystemState): string[] {
  const items = [];
  const mode = /\[(\w+)\]/.exec(system.thpEnabled ?? "")?.[1];
  if (mode !== undefined) items.push(`THP ${mode}`);
  if (system.numaBalancing !== null) {
    items.push(`NUMA balancing ${system.numaBalancing === 0 ? "off" : "on"}`);
  }
  if (system.swapTotalBytes !== null) {
    items.push(
      system.swapTotalBytes === 0 ? "no swap" : `swap ${formatBytes(system.swapTotalBytes)}`,
    );
  }
  const populated = system.dimms?.filter(({ sizeMiB }) => sizeMiB !== null && sizeMiB > 0);
  if (system.dimms !== null && populated !== undefined) {
    items.push(`DIMMs ${populated.length} of ${system.dimms.length}`);
  }
  return items;
}

function describeKernel({ kernelCmdline, nohzFullCpus, osName }: SystemState): string[] {
  const items = [];
  if (osName != null) items.push(osName);
  if (nohzFullCpus !== null && nohzFullCpus !== "") items.push(`nohz_full ${nohzFullCpus}`);
  if (kernelCmdline?.includes("mitigations=off") === true) items.push("mitigations off");
  return items;
}

function describeBoard({ system: { dmi }, flags }: Topology): string[] {
  const items = flags?.["hypervisor"] === true ? ["virtual machine"] : [];
  if (dmi === null) return items;
  const vendor = dmi["sys_vendor"] ?? "";
  const product = dmi["product_name"] ?? "";
  const name = product.startsWith(vendor) ? product : `${vendor} ${product}`;
  const bios = [dmi["bios_vendor"], dmi["bios_version"], dmi["bios_date"]]
    .filter(Boolean)
    .join(" ");
  return [...items, name.trim(), bios === "" ? "" : `BIOS ${bios}`].filter((item) => item !== "");
}
