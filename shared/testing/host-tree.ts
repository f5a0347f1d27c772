import { formatCpuList } from "../domain/cpuset.ts";

/** The files of a host: path under its root → text. */
export type HostTree = Map<string, string>;

/** A host to be written as a tree. Every number is a kernel id: sparse and repeating ones are fine. */
export interface HostPlan {
  readonly packages: readonly PackagePlan[];
  /** Nodes with memory and no PUs, each nearest to the node `near`. */
  readonly memoryOnly: readonly { readonly id: number; readonly near: number }[];
  readonly offline: readonly number[];
  /** Which files the kernel has: names from before 5.2 or since, as masks or as lists. */
  readonly naming: "old" | "new";
  readonly format: "lists" | "masks";
}

export interface PackagePlan {
  readonly id: number;
  readonly numaNodes: readonly NodePlan[];
}

export interface NodePlan {
  readonly id: number;
  readonly memoryKiB: number;
  /** The PUs of each core. */
  readonly cores: readonly (readonly number[])[];
}

const cpuRoot = "sys/devices/system/cpu";
const nodeRoot = "sys/devices/system/node";

/** Writes the plan as the kernel would: offline PUs keep their directory and lose what is in it. */
export function makeHostTree(plan: HostPlan): HostTree {
  const tree: HostTree = new Map();
  const nodes = plan.packages.flatMap((set) => set.numaNodes);
  const all = ascending(nodes.flatMap(({ cores }) => cores.flat()));
  const offline = new Set(plan.offline);
  const online = all.filter((pu) => !offline.has(pu));
  tree.set(`${cpuRoot}/online`, `${formatCpuList(online)}\n`);
  tree.set(`${cpuRoot}/present`, `${formatCpuList(all)}\n`);
  tree.set(`${cpuRoot}/possible`, `${formatCpuList(all)}\n`);
  for (const pu of all) tree.set(`${cpuRoot}/cpu${pu}/online`, offline.has(pu) ? "0\n" : "1\n");
  for (const set of plan.packages) writePackage(tree, plan, set, online);
  const ids = ascending([...nodes.map(({ id }) => id), ...plan.memoryOnly.map(({ id }) => id)]);
  tree.set(`${nodeRoot}/online`, `${formatCpuList(ids)}\n`);
  for (const node of nodes) {
    const cpus = ascending(node.cores.flat()).filter((pu) => !offline.has(pu));
    writeNode(tree, plan, { id: node.id, cpus, memoryKiB: node.memoryKiB, near: null }, ids);
  }
  for (const { id, near } of plan.memoryOnly) {
    writeNode(tree, plan, { id, cpus: [], memoryKiB: 1024, near }, ids);
  }
  return tree;
}

function writePackage(
  tree: HostTree,
  plan: HostPlan,
  set: PackagePlan,
  online: readonly number[],
): void {
  const members = new Set(online);
  const cores = set.numaNodes
    .flatMap((node) => node.cores)
    .map((pus) => ascending(pus).filter((pu) => members.has(pu)));
  const cpus = ascending(cores.flat());
  const [coreName, packageName] =
    plan.naming === "new" ? ["core_cpus", "package_cpus"] : ["thread_siblings", "core_siblings"];
  for (const [index, pus] of cores.entries()) {
    for (const pu of pus) {
      const topology = `${cpuRoot}/cpu${pu}/topology`;
      // Kernels number cores anew in every package, and leave gaps.
      tree.set(`${topology}/core_id`, `${index * 2}\n`);
      tree.set(`${topology}/physical_package_id`, `${set.id}\n`);
      writeSet(tree, plan, `${topology}/${coreName}`, pus);
      writeSet(tree, plan, `${topology}/${packageName}`, cpus);
      writeCache(tree, plan, `${cpuRoot}/cpu${pu}/cache/index0`, { level: 1, pus });
      writeCache(tree, plan, `${cpuRoot}/cpu${pu}/cache/index3`, { level: 3, pus: cpus });
    }
  }
}

function writeCache(
  tree: HostTree,
  plan: HostPlan,
  directory: string,
  cache: { readonly level: number; readonly pus: readonly number[] },
): void {
  tree.set(`${directory}/level`, `${cache.level}\n`);
  tree.set(`${directory}/type`, cache.level === 1 ? "Data\n" : "Unified\n");
  tree.set(`${directory}/size`, cache.level === 1 ? "48K\n" : "32768K\n");
  const [list, mask] = [`${directory}/shared_cpu_list`, `${directory}/shared_cpu_map`];
  if (plan.format === "lists") tree.set(list, `${formatCpuList(cache.pus)}\n`);
  else tree.set(mask, `${formatCpuMask(cache.pus)}\n`);
}

interface NodeText {
  readonly id: number;
  readonly cpus: readonly number[];
  readonly memoryKiB: number;
  readonly near: number | null;
}

function writeNode(tree: HostTree, plan: HostPlan, node: NodeText, ids: readonly number[]): void {
  const directory = `${nodeRoot}/node${node.id}`;
  if (plan.format === "lists") tree.set(`${directory}/cpulist`, `${formatCpuList(node.cpus)}\n`);
  else tree.set(`${directory}/cpumap`, `${formatCpuMask(node.cpus)}\n`);
  tree.set(`${directory}/meminfo`, `Node ${node.id} MemTotal:       ${node.memoryKiB} kB\n`);
  const row = ids.map((id) => (id === node.id ? 10 : id === node.near ? 14 : 21));
  tree.set(`${directory}/distance`, `${row.join(" ")}\n`);
}

function writeSet(tree: HostTree, plan: HostPlan, path: string, pus: readonly number[]): void {
  if (plan.format === "lists") tree.set(`${path}_list`, `${formatCpuList(pus)}\n`);
  else tree.set(path, `${formatCpuMask(pus)}\n`);
}

/** The kernel's mask format; the inverse of parseCpuMask. */
export function formatCpuMask(pus: readonly number[]): string {
  const groups = Array.from({ length: Math.floor(Math.max(0, ...pus) / 32) + 1 }, () => 0);
  // 2 ** bit stays exact where a shift would turn negative.
  for (const pu of pus) groups[pu >> 5] = (groups[pu >> 5] ?? 0) + 2 ** (pu & 31);
  return groups
    .reverse()
    .map((group) => group.toString(16).padStart(8, "0"))
    .join(",");
}

function ascending(numbers: readonly number[]): number[] {
  return [...numbers].sort((a, b) => a - b);
}
