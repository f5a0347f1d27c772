import type { AxisValue, Cell } from "../../../shared/domain/cell.ts";
import { formatCpuList } from "../../../shared/domain/cpuset.ts";
import type { HostCores } from "../../../shared/domain/host-cores.ts";
import type { InstancePlacement } from "../../../shared/domain/placement.ts";
import { resolveOn } from "../../../shared/domain/resolve-placement.ts";

/** Libraries by the names under which distributions install them. */
const preloads: Readonly<Record<string, string>> = {
  jemalloc: "libjemalloc.so.2",
  tcmalloc: "libtcmalloc_minimal.so.4",
  mimalloc: "libmimalloc.so.2",
};

type ToEnvironment = (value: AxisValue) => Readonly<Record<string, string>>;

/** Axes of the setting → what they set outside of this program. */
const environments: Readonly<Record<string, ToEnvironment>> = {
  allocator: (value) => preload(preloads[String(value)]),
  openmp: (value) => preload(value === "intel" ? "libiomp5.so" : undefined),
  kmp_blocktime: (value) => ({ KMP_BLOCKTIME: String(value) }),
  wait_policy: (value): Readonly<Record<string, string>> =>
    value === "default" ? {} : { OMP_WAIT_POLICY: String(value).toUpperCase() },
  openmp_binding: (value): Readonly<Record<string, string>> =>
    value === "none" ? {} : { OMP_PROC_BIND: String(value), OMP_PLACES: "cores" },
  onednn: (value): Readonly<Record<string, string>> =>
    value === "default" ? {} : { TF_ENABLE_ONEDNN_OPTS: value === "on" ? "1" : "0" },
};

function preload(library: string | undefined): Readonly<Record<string, string>> {
  return library === undefined ? {} : { LD_PRELOAD: library };
}

/**
 * What to put before a program so that it runs as the cell did, one line a process. A setting of the host
 * itself comes first as a comment, for it takes root.
 */
export function launchCommands(host: HostCores, cell: Cell): readonly string[] {
  const resolved = resolveOn(host, cell);
  if ("refused" in resolved) return [];
  const thp = cell["thp"];
  const ofHost =
    thp === undefined || thp === "host"
      ? []
      : [`# as root: echo ${String(thp)} > /sys/kernel/mm/transparent_hugepage/enabled`];
  return [...ofHost, ...resolved.instances.map((instance) => commandOf(instance, cell))];
}

function commandOf(instance: InstancePlacement, cell: Cell): string {
  const variables = new Map<string, string>([["OMP_NUM_THREADS", String(instance.threads)]]);
  for (const [axis, value] of Object.entries(cell)) {
    for (const [name, text] of Object.entries(environments[axis]?.(value) ?? {})) {
      // Two libraries share one variable.
      const known = variables.get(name);
      variables.set(name, known === undefined ? text : `${known}:${text}`);
    }
  }
  const environment = [...variables].map(([name, text]) => `${name}=${text}`);
  const memory = memoryOption(instance);
  return [
    ...environment,
    "numactl",
    `--physcpubind=${formatCpuList(instance.pus)}`,
    ...(memory === null ? [] : [memory]),
  ].join(" ");
}

function memoryOption({ memoryPolicy, memoryNodes }: InstancePlacement): string | null {
  const nodes = formatCpuList(memoryNodes);
  const options = {
    local: null,
    bind: `--membind=${nodes}`,
    interleave: `--interleave=${nodes}`,
    preferred: `--preferred=${nodes}`,
  };
  return options[memoryPolicy];
}
