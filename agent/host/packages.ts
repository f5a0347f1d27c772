import {
  type CpuSet,
  formatCpuList,
  intersectCpuSets,
  toCpuSet,
} from "../../shared/domain/cpuset.ts";
import { cpuDirectory, type HostFiles, readInteger } from "./host-files.ts";
import { readSharingSet, readVerifiedSet } from "./sharing-sets.ts";

/** A set of PUs with the kernel's label for it. */
export interface LabelledSet {
  readonly id: number | null;
  readonly cpus: CpuSet;
}

/**
 * The packages of the online PUs, each read once. The sets decide; ids are labels that may be -1 or
 * repeat. Only where a PU has no set, PUs of the same id make up a package.
 */
export async function readPackages(files: HostFiles, online: CpuSet): Promise<LabelledSet[]> {
  const packages: LabelledSet[] = [];
  const covered = new Set<number>();
  const byId = new Map<number, number[]>();
  for (const pu of online) {
    if (covered.has(pu)) continue;
    const directory = `${cpuDirectory}/cpu${pu}/topology`;
    const id = await readInteger(files, `${directory}/physical_package_id`);
    const set = await readPackageSet(files, directory, online);
    const cpus = (set ?? []).filter((member) => !covered.has(member));
    if (cpus.includes(pu)) {
      for (const member of cpus) covered.add(member);
      packages.push({ id, cpus });
    } else if (id !== null && id >= 0) {
      byId.set(id, [...(byId.get(id) ?? []), pu]);
    }
  }
  return [...packages, ...mergeById(files, packages, byId)].sort(byFirstPu);
}

async function readPackageSet(
  files: HostFiles,
  directory: string,
  online: CpuSet,
): Promise<CpuSet | null> {
  const set = await readVerifiedSet(
    files,
    {
      directory,
      lists: ["package_cpus_list", "core_siblings_list"],
      masks: ["package_cpus", "core_siblings"],
    },
    online,
  );
  return set === null ? null : intersectCpuSets(online, set);
}

function mergeById(
  files: HostFiles,
  packages: LabelledSet[],
  byId: ReadonlyMap<number, readonly number[]>,
): LabelledSet[] {
  const rest: LabelledSet[] = [];
  for (const [id, pus] of byId) {
    files.warnings.add(
      cpuDirectory,
      `CPUs ${formatCpuList(toCpuSet(pus))} have no package set: they are grouped by package id ${id}`,
    );
    const index = packages.findIndex((known) => known.id === id);
    const known = packages[index];
    if (known === undefined) rest.push({ id, cpus: toCpuSet(pus) });
    else packages[index] = { id, cpus: toCpuSet([...known.cpus, ...pus]) };
  }
  return rest;
}

/**
 * The sets of one kind inside packages (dies, clusters), each read once; they hold whole cores. Null
 * where no PU has such files: the kernel makes them for every CPU or for none, so the first and the
 * last core of a package tell whether to ask the others.
 */
export async function readInnerSets(
  files: HostFiles,
  kind: "die" | "cluster",
  packages: readonly LabelledSet[],
  cores: readonly { readonly cpus: CpuSet }[],
): Promise<LabelledSet[] | null> {
  const sets: LabelledSet[] = [];
  for (const { cpus } of packages) {
    const members = new Set(cpus);
    const starts = cores.flatMap((core) => core.cpus.slice(0, 1)).filter((pu) => members.has(pu));
    const ends = [...new Set([starts.at(0), starts.at(-1)])].filter((pu) => pu !== undefined);
    const probes = await Promise.all(ends.map((pu) => readInnerSet(files, kind, pu)));
    if (probes.every((set) => set === null)) continue;
    sets.push(...(await readInnerSetsOf(files, kind, cpus, starts)));
  }
  return sets.length === 0 ? null : sets.sort(byFirstPu);
}

async function readInnerSetsOf(
  files: HostFiles,
  kind: "die" | "cluster",
  within: CpuSet,
  starts: readonly number[],
): Promise<LabelledSet[]> {
  const sets: LabelledSet[] = [];
  const covered = new Set<number>();
  for (const pu of starts) {
    if (covered.has(pu)) continue;
    const set = await readInnerSet(files, kind, pu);
    const cpus = intersectCpuSets(within, set ?? []).filter((member) => !covered.has(member));
    if (!cpus.includes(pu)) continue;
    for (const member of cpus) covered.add(member);
    const id = await readInteger(files, `${cpuDirectory}/cpu${pu}/topology/${kind}_id`);
    sets.push({ id, cpus });
  }
  return sets;
}

function readInnerSet(files: HostFiles, kind: string, pu: number): Promise<CpuSet | null> {
  return readSharingSet(files, {
    directory: `${cpuDirectory}/cpu${pu}/topology`,
    lists: [`${kind}_cpus_list`],
    masks: [`${kind}_cpus`],
  });
}

function byFirstPu(a: LabelledSet, b: LabelledSet): number {
  return (a.cpus[0] ?? 0) - (b.cpus[0] ?? 0);
}
