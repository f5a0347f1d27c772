import { type CgroupTexts, cgroupParts, cgroupPlaces } from "./cgroup-paths.ts";

/**
 * A cgroup's name without what its parts are called: `/lxc/HOST` becomes `/g1/g2`. Containers, users
 * and hosts give cgroups their names, and only the depth matters to a reader.
 */
export function aliasCgroup(name: string): string {
  return `/${cgroupParts(name)
    .map((_, index) => `g${index + 1}`)
    .join("/")}`;
}

/** As {@link aliasCgroup}, for the path of a file in one of the process's cgroups; others stay. */
export function makeCgroupRenamer(texts: CgroupTexts): (path: string) => string {
  const aliases = new Map<string, string>();
  for (const controller of ["cpuset", "cpu", "memory"] as const) {
    for (const { directories } of cgroupPlaces(texts, controller)) {
      const base = directories.at(-1) ?? "";
      for (const directory of directories) {
        const name = aliasCgroup(directory.slice(base.length));
        aliases.set(directory, name === "/" ? base : `${base}${name}`);
      }
    }
  }
  return (path) => {
    const cut = path.lastIndexOf("/");
    return `${aliases.get(path.slice(0, cut)) ?? path.slice(0, cut)}${path.slice(cut)}`;
  };
}
