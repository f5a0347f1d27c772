import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type LockedPackages, lockClosure } from "./lock-closure.ts";

export interface Program {
  /** The file of `dist` that is started, such as `dist/agent/main.js`. */
  readonly entry: string;
  /** Folders of `dist` that are carried along. */
  readonly built: readonly string[];
  /** Files and folders of the project that stand beside `dist`. */
  readonly data: readonly string[];
}

export interface Carrier {
  /** Directory of the Node that is carried along. */
  readonly runtime: string;
  /** What the program says of itself. */
  readonly version: string;
}

/** A package of node_modules that was carried along. */
export interface CarriedPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/**
 * Lays a program out in `target` as it runs: Node, the built files, and those npm packages that these
 * files import, with all that they depend on. Returns these packages.
 */
export async function stageProgram(
  project: string,
  target: string,
  { built, data }: Program,
  { runtime, version }: Carrier,
): Promise<readonly CarriedPackage[]> {
  await mkdir(join(target, "bin"), { recursive: true });
  await cp(join(runtime, "bin/node"), join(target, "bin/node"));
  for (const folder of built) {
    await copy(join(project, "dist", folder), join(target, "dist", folder), isNeededBuilt);
  }
  for (const path of data) await copy(join(project, path), join(target, path), () => true);
  const manifest = JSON.parse(await readFile(join(project, "package.json"), "utf8")) as Manifest;
  const lock = JSON.parse(await readFile(join(project, "package-lock.json"), "utf8")) as {
    readonly packages: LockedPackages;
  };
  const roots = await findImports(join(target, "dist"), Object.keys(manifest.dependencies));
  const places = lockClosure(lock.packages, roots);
  for (const place of places) {
    await copy(join(project, place), join(target, place), isNeededModule);
  }
  await writeManifest(target, { ...manifest, version });
  return places.map((place) => ({
    name: place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length),
    version: lock.packages[place]?.version ?? "unknown",
    license: lock.packages[place]?.license ?? "unknown",
  }));
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The program reads its version here, and Node that its files are modules. */
async function writeManifest(target: string, { name, version, license }: Manifest): Promise<void> {
  const own = { name, version, license, private: true, type: "module" };
  await writeFile(join(target, "package.json"), `${JSON.stringify(own, null, 2)}\n`);
}

const isNeededBuilt = (path: string): boolean => !/\.(map|d\.ts)$|\/\.built$/.test(path);

/**
 * Left out: the code of other platforms, which onnxruntime-node has in one package; fonts that no picture
 * uses; what only those who change or read a package need; and the folder of its dependencies, each of which
 * the lock file names itself.
 */
const isNeededModule = (path: string): boolean =>
  !/\/ttf\/(?!DejaVuSans(-Bold)?\.ttf$)[^/]+$/.test(path) &&
  !/\/bin\/napi-v\d+\/(win32|darwin|linux\/arm64)$/.test(path) &&
  !/\.(map|d\.[cm]?ts|[cm]?ts|flow|html)$|\/\.[^/]+$/.test(path) &&
  !/^\.\/(node_modules|tests?|__tests__|docs?|examples?|bench(mark)?s?)$/.test(path);

async function copy(from: string, to: string, isNeeded: (path: string) => boolean): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const below = (path: string) => path.slice(from.length);
  await cp(from, to, {
    recursive: true,
    filter: (path) => below(path) === "" || isNeeded(`.${below(path)}`),
  });
}

/** The dependencies that any file below names, in an import or by its path. */
async function findImports(directory: string, names: readonly string[]): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".js"));
  const texts = await Promise.all(
    files.map((file) => readFile(join(file.parentPath, file.name), "utf8")),
  );
  const quotes = (name: string) => new RegExp(`["'\`]${name.replaceAll(".", "\\.")}["'\`/]`);
  return names.filter((name) => texts.some((text) => quotes(name).test(text)));
}
