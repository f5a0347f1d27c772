import { findAxis } from "./axis.ts";
import { type Cell, stringAxis } from "./cell.ts";
import { formatCpuList } from "./cpuset.ts";
import type { InstancePlacement, ResolvedPlacement } from "./placement.ts";

/** Names of the libraries, without their folder: that is the host's. */
const preloads: Readonly<Record<string, string>> = {
  jemalloc: "libjemalloc.so.2",
  tcmalloc: "libtcmalloc_minimal.so.4",
  mimalloc: "libmimalloc.so.2",
  intel: "libiomp5.so",
};

/**
 * A cell's settings as lines for a shell, one an instance: the environment and the binding that the
 * agent sets, to put before a program of one's own. A setting of the whole host, which takes root, and what
 * only the program itself can set stand before as comments.
 */
export function settingsLines(cell: Cell, placement: ResolvedPlacement | null): readonly string[] {
  const thp = stringAxis(cell, "thp");
  const host =
    thp === undefined || thp === "host"
      ? []
      : [`# as root: echo ${thp} > /sys/kernel/mm/transparent_hugepage/enabled`];
  const instances = placement?.instances ?? [];
  const before = [...host, ...programLine(cell, instances[0]?.threads)];
  if (instances.length === 0) return [...before, environmentOf(cell, null).join(" ")];
  const lines = instances.map((instance) =>
    [...environmentOf(cell, instance), ...numactl(instance)].join(" "),
  );
  return [...before, ...lines];
}

/** What no environment sets: dtype, the runner's own parameters, and pools that do not heed OpenMP's. */
function programLine(cell: Cell, threads: number | undefined): readonly string[] {
  const own = Object.keys(cell).filter((name) => findAxis(name) === undefined);
  const names = ["dtype", "interop_threads", ...own].filter((name) => cell[name] !== undefined);
  if (names.length === 0) return [];
  const settings = names.map((name) => `${name} ${cell[name]}`);
  const pool = threads === undefined ? [] : [`threads ${threads}`];
  return [`# in the program: ${[...pool, ...settings].join(", ")}`];
}

function environmentOf(cell: Cell, instance: InstancePlacement | null): readonly string[] {
  const libraries = ["allocator", "openmp"].flatMap(
    (axis) => preloads[stringAxis(cell, axis) ?? ""] ?? [],
  );
  const onednn = stringAxis(cell, "onednn");
  return [
    ...(instance === null ? [] : [`OMP_NUM_THREADS=${instance.threads}`]),
    ...(libraries.length === 0 ? [] : [`LD_PRELOAD=${libraries.join(":")}`]),
    ...(cell["kmp_blocktime"] === undefined ? [] : [`KMP_BLOCKTIME=${cell["kmp_blocktime"]}`]),
    ...bindingOf(cell),
    ...waitOf(stringAxis(cell, "wait_policy")),
    ...(onednn === "on" || onednn === "off"
      ? [`TF_ENABLE_ONEDNN_OPTS=${onednn === "on" ? 1 : 0}`]
      : []),
  ];
}

function bindingOf(cell: Cell): readonly string[] {
  const binding = stringAxis(cell, "openmp_binding");
  if (binding === undefined || binding === "none") return [];
  if (stringAxis(cell, "openmp") !== "intel")
    return [`OMP_PROC_BIND=${binding}`, "OMP_PLACES=threads"];
  return [`KMP_AFFINITY=granularity=fine,${binding === "close" ? "compact,1,0" : "scatter"}`];
}

function waitOf(policy: string | undefined): readonly string[] {
  return policy === "active" || policy === "passive"
    ? [`OMP_WAIT_POLICY=${policy.toUpperCase()}`]
    : [];
}

function numactl({ pus, memoryNodes, memoryPolicy }: InstancePlacement): readonly string[] {
  const nodes = formatCpuList(memoryNodes);
  const memory = {
    local: [],
    bind: [`--membind=${nodes}`],
    interleave: [`--interleave=${nodes}`],
    preferred: [`--preferred=${memoryNodes[0] ?? 0}`],
  }[memoryPolicy];
  return ["numactl", `--physcpubind=${formatCpuList(pus)}`, ...memory];
}
