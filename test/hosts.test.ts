import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeSysfsReader, type SysfsReader } from "../agent/host/sysfs-reader.ts";
import { readTopology } from "../agent/host/topology.ts";
import { openTree } from "../agent/host/tree-reader.ts";
import { parseCpuInfo } from "../agent/logic/cpuinfo.ts";

const fixtures = join(import.meta.dirname, "../../shared/fixtures/topology");
const missing = findMissing();

function findMissing(): string | null {
  if (!existsSync(join(fixtures, "score.py"))) return "there is no ../shared/fixtures/topology";
  try {
    execFileSync("python3", ["--version"], { stdio: "ignore" });
    return null;
  } catch {
    return "there is no python3";
  }
}

function directoriesWith(file: string): string[] {
  if (missing !== null) return [];
  return readdirSync(fixtures).filter((name) => existsSync(join(fixtures, name, file)));
}

/** The scorer's output; it exits with 1 where a facet differs. */
function score(...args: readonly string[]): string {
  try {
    return execFileSync("python3", [join(fixtures, "score.py"), ...args], { encoding: "utf8" });
  } catch (error) {
    if (error instanceof Error && "stdout" in error) return String(error.stdout);
    throw error;
  }
}

describe.skipIf(missing !== null)(
  "captured hosts, which need ../shared/fixtures/topology and python3",
  () => {
    let work = "";

    beforeAll(() => {
      work = mkdtempSync(join(tmpdir(), "fleetsweep-hosts-"));
    });

    afterAll(() => {
      rmSync(work, { recursive: true, force: true });
    });

    test.each(directoriesWith("sysroot.tar.gz"))("%s is read as its truth says", async (name) => {
      const topology = await readTopology(openTree(join(fixtures, name, "sysroot.tar.gz")));
      const candidate = join(work, `${name}.json`);
      writeFileSync(candidate, JSON.stringify(topology));
      expect(differing(score(join(fixtures, name, "truth.json"), candidate))).toEqual([]);
    });

    test("a tree on disk is read as the same tree in its archive", async () => {
      const archive = join(fixtures, "fake-2s-hmat-initiators", "sysroot.tar.gz");
      const directory = unpack(archive, join(work, "on-disk"));
      const onDisk = await readTopology(makeSysfsReader(directory));
      expect(onDisk).toEqual(await readTopology(openTree(archive)));
    });

    test("every excerpt of cpuinfo gives its identity and its flags", () => {
      const source = join(fixtures, "isa-cpuinfo");
      const directory = join(work, "isa");
      mkdirSync(directory);
      for (const file of readdirSync(source).filter((name) => name.endsWith(".cpuinfo"))) {
        const info = parseCpuInfo(readFileSync(join(source, file), "utf8"), null);
        writeFileSync(join(directory, file.replace(/cpuinfo$/, "json")), JSON.stringify(info));
      }
      expect(differing(score("--isa", directory))).toEqual([]);
    });

    test("every damaged tree gives a document that says what is unknown and warns", async () => {
      const trees = openTree(join(fixtures, "bad-inputs", "sysroots.tar.gz"));
      const directory = join(work, "bad");
      mkdirSync(directory);
      for (const name of (await trees.list("")) ?? []) {
        const topology = await readTopology(below(trees, name));
        writeFileSync(join(directory, `${name}.json`), JSON.stringify(topology));
      }
      expect(differing(score("--bad", directory))).toEqual([]);
    });
  },
);

/** The tree in a directory of another one. */
function below(reader: SysfsReader, directory: string): SysfsReader {
  return {
    read: (path) => reader.read(`${directory}/${path}`),
    readBinary: (path) => reader.readBinary(`${directory}/${path}`),
    list: (path) => reader.list(`${directory}/${path}`),
  };
}

function unpack(archive: string, directory: string): string {
  mkdirSync(directory);
  execFileSync("tar", ["xzf", archive, "-C", directory]);
  return directory;
}

/** The scorer's lines, but for the last where it says that all facets match. */
function differing(output: string): string[] {
  const lines = output.trim().split("\n");
  const [, matched, all] = /^(\d+) of (\d+) facets match$/.exec(lines.at(-1) ?? "") ?? [];
  const isWhole = matched !== undefined && matched === all && matched !== "0";
  return isWhole ? [] : lines;
}
