/** What a package of `package-lock.json` says that decides whether it goes into a package of ours. */
export interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export type LockedPackages = Readonly<Record<string, LockedPackage>>;

/**
 * The places in the lock file (`node_modules/a/node_modules/b`) of `roots` and all that they depend on, in
 * the order of their names, as Node finds them from the project's root. Only what runs on Linux, x86-64
 * with glibc. Throws where a dependency that is not optional has no entry.
 */
export function lockClosure(lock: LockedPackages, roots: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const open = roots.map((name) => ({ from: "", name, optional: false }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { from, name, optional } = next;
    const place = resolvePlace(lock, from, name);
    const entry = place === undefined ? undefined : lock[place];
    if (place === undefined || entry === undefined) {
      if (optional) continue;
      throw new Error(`the lock file has no ${name}, which ${from || "the project"} needs`);
    }
    if (found.has(place) || (optional && !isForLinuxX64(entry))) continue;
    found.add(place);
    const add = (names: Readonly<Record<string, string>>, isOptional: boolean) => {
      for (const dependency of Object.keys(names)) {
        open.push({ from: place, name: dependency, optional: isOptional });
      }
    };
    add(entry.optionalDependencies ?? {}, true);
    const needed = Object.entries(entry.dependencies ?? {}).filter(
      ([dependency]) => !Object.hasOwn(entry.optionalDependencies ?? {}, dependency),
    );
    add(Object.fromEntries(needed), false);
  }
  return [...found].toSorted();
}

/** As Node looks: beside the package itself, then in each folder above. */
function resolvePlace(lock: LockedPackages, from: string, name: string): string | undefined {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf("/node_modules/")))) {
    const place = base === "" ? `node_modules/${name}` : `${base}/node_modules/${name}`;
    if (Object.hasOwn(lock, place)) return place;
    if (base === "") return undefined;
  }
}

function isForLinuxX64({ os, cpu, libc }: LockedPackage): boolean {
  return fits(os, "linux") && fits(cpu, "x64") && fits(libc, "glibc");
}

function fits(named: readonly string[] | undefined, ours: string): boolean {
  if (named === undefined) return true;
  if (named.includes(`!${ours}`)) return false;
  const wanted = named.filter((name) => !name.startsWith("!"));
  return wanted.length === 0 || wanted.includes(ours);
}
