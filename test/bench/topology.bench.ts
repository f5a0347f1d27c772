import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bench, describe } from "vitest";
import { makeSysfsReader, type SysfsReader } from "../../agent/host/sysfs-reader.ts";
import { readTopology } from "../../agent/host/topology.ts";
import { openTree } from "../../agent/host/tree-reader.ts";

const fixtures = join(import.meta.dirname, "../../../shared/fixtures/topology");
const trees = ["synth-2s-spr8480-snc4", "synth-8s-gnr-1376cpu"];

/** Few runs: one of the large tree takes seconds where files are slow. */
const runs = { iterations: 5, time: 0, warmupIterations: 1, warmupTime: 0 };

for (const name of trees) {
  const archive = join(fixtures, name, "sysroot.tar.gz");
  const isThere = existsSync(archive);
  const inMemory = isThere ? openTree(archive) : null;
  const operations = inMemory === null ? 0 : await countOperations(inMemory);
  const directory = isThere ? unpack(archive) : "";

  describe.skipIf(!isThere)(`${name}: ${operations} reads and listings`, () => {
    bench(
      "in memory: parsing and grouping alone",
      async () => {
        if (inMemory !== null) await readTopology(inMemory);
      },
      runs,
    );

    bench(
      "on disk, in the page cache",
      async () => {
        await readTopology(makeSysfsReader(directory));
      },
      { ...runs, teardown: (_, mode) => removeAfter(directory, mode) },
    );
  });
}

/** Hooks of a describe block do not run around benchmarks; the tree is still needed after the warm-up. */
function removeAfter(directory: string, mode: string | undefined): void {
  if (mode === "run") rmSync(directory, { recursive: true, force: true });
}

function unpack(archive: string): string {
  const directory = mkdtempSync(join(tmpdir(), "fleetsweep-bench-"));
  execFileSync("tar", ["xzf", archive, "-C", directory]);
  return directory;
}

/** Every file that is opened and every directory that is listed, found or not. */
async function countOperations(reader: SysfsReader): Promise<number> {
  let count = 0;
  const counted =
    <Answer>(ask: (path: string) => Promise<Answer>) =>
    (path: string): Promise<Answer> => {
      count += 1;
      return ask(path);
    };
  await readTopology({
    read: counted((path) => reader.read(path)),
    readBinary: counted((path) => reader.readBinary(path)),
    list: counted((path) => reader.list(path)),
  });
  return count;
}
