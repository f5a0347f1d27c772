/** A mounted cgroup hierarchy that holds a controller, as this process is placed in it. */
export interface CgroupPlace {
  readonly version: 1 | 2;
  /** Directories under the root, without a leading slash: the process's cgroup, then its ancestors. */
  readonly directories: readonly string[];
  /** Version 1 without `noprefix`: files are named `cpuset.cpus`, not `cpus`. */
  readonly prefixed: boolean;
}

/** Where a process's cpuset limits may be read, nearest first, and the names its files have there. */
export interface CpusetPlace {
  readonly directories: readonly string[];
  readonly cpuFiles: readonly string[];
  readonly nodeFiles: readonly string[];
}

export type Controller = "cpuset" | "cpu" | "memory";

export interface CgroupTexts {
  /** /proc/mounts, /proc/self/cgroup and /proc/self/cpuset; null where there is none. */
  readonly mounts: string | null;
  readonly cgroup: string | null;
  readonly cpuset: string | null;
}

/** A host mounts the cpuset controller once; bind mounts repeat it in containers. */
const maxHierarchies = 16;

interface Hierarchy {
  readonly mountPoint: string;
  readonly version: 1 | 2;
  readonly prefixed: boolean;
}

/** A path deeper than this is no cgroup that anybody made; each level costs file reads. */
const maxDepth = 64;

/**
 * The hierarchies that may hold a controller, the likeliest first: a version 1 mount has the
 * controller wherever it exists. A process's cgroup may be outside what a container sees of the
 * mount, or without the controller: then its nearest readable ancestor is the limit.
 * https://docs.kernel.org/admin-guide/cgroup-v2.html
 */
export function cgroupPlaces(texts: CgroupTexts, controller: Controller): CgroupPlace[] {
  const mounted = parseMounts(texts.mounts ?? "", controller);
  const known = mounted.length > 0 ? mounted : usualMounts(controller);
  return known.slice(0, maxHierarchies).map((hierarchy) => ({
    version: hierarchy.version,
    prefixed: hierarchy.prefixed,
    directories: toDirectories(hierarchy, cgroupName(hierarchy, texts, controller)),
  }));
}

/** https://docs.kernel.org/admin-guide/cgroup-v2.html#cpuset */
export function cpusetPlaces(texts: CgroupTexts): CpusetPlace[] {
  return cgroupPlaces(texts, "cpuset").map(({ version, directories, prefixed }) => {
    if (version === 2) {
      return {
        directories,
        cpuFiles: ["cpuset.cpus.effective"],
        nodeFiles: ["cpuset.mems.effective"],
      };
    }
    const prefix = prefixed ? "cpuset." : "";
    return {
      directories,
      cpuFiles: [`${prefix}effective_cpus`, `${prefix}cpus`],
      nodeFiles: [`${prefix}effective_mems`, `${prefix}mems`],
    };
  });
}

function usualMounts(controller: Controller): readonly Hierarchy[] {
  const legacy: readonly Hierarchy[] =
    controller === "cpuset" ? [{ mountPoint: "/dev/cpuset", version: 1, prefixed: false }] : [];
  return [
    { mountPoint: `/sys/fs/cgroup/${controller}`, version: 1, prefixed: true },
    ...legacy,
    { mountPoint: "/sys/fs/cgroup", version: 2, prefixed: true },
  ];
}

function parseMounts(text: string, controller: Controller): Hierarchy[] {
  const hierarchies: Hierarchy[] = [];
  for (const line of text.split("\n")) {
    const [, mountPoint, type, options] = line.split(" ");
    if (mountPoint === undefined || type === undefined || options === undefined) continue;
    const names = options.split(",");
    const path = unescapeMount(mountPoint);
    if (type === "cgroup2") {
      hierarchies.push({ mountPoint: path, version: 2, prefixed: true });
    } else if (type === controller || (type === "cgroup" && names.includes(controller))) {
      const prefixed = type === "cgroup" && !names.includes("noprefix");
      hierarchies.push({ mountPoint: path, version: 1, prefixed });
    }
  }
  return hierarchies.sort((a, b) => a.version - b.version);
}

/** Blanks and backslashes in mount points are written in octal: `\040`. */
function unescapeMount(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

/** Lines read `3:cpuset:/name`, of version 2 `0::/name`. */
function cgroupName(
  { version }: Hierarchy,
  { cgroup, cpuset }: CgroupTexts,
  controller: Controller,
): string {
  for (const line of (cgroup ?? "").split("\n")) {
    const match = /^\d+:([^:]*):(\/.*)$/.exec(line.trim());
    if (match === null) continue;
    const controllers = (match[1] ?? "").split(",");
    const isOurs = version === 2 ? match[1] === "" : controllers.includes(controller);
    if (isOurs) return match[2] ?? "/";
  }
  return (controller === "cpuset" ? cpuset?.trim() : undefined) || "/";
}

/** The names on the way to a cgroup, from the top. */
export function cgroupParts(name: string): string[] {
  return name.split("/").filter((part) => part !== "" && part !== "." && part !== "..");
}

function toDirectories({ mountPoint }: Hierarchy, name: string): string[] {
  const base = mountPoint.replace(/^\/+|\/+$/g, "");
  const parts = cgroupParts(name);
  const directories: string[] = [];
  for (let depth = Math.min(parts.length, maxDepth); depth >= 0; depth -= 1) {
    directories.push([base, ...parts.slice(0, depth)].join("/"));
  }
  return directories;
}
