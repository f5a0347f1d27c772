import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeTemporaryDirectory } from "../testing/temporary-directory.ts";
import { openStateDir } from "./state-dir.ts";

async function scratch(): Promise<string> {
  const { path, remove } = await makeTemporaryDirectory();
  onTestFinished(remove);
  return path;
}

test("a state directory is made, remembered and opened again", async () => {
  const directory = join(await scratch(), "a", "b");
  await (await openStateDir(directory, 1)).release();
  await (await openStateDir(directory, 1)).release();
  expect(JSON.parse(await readFile(join(directory, "format.json"), "utf8"))).toEqual({
    format_version: 1,
  });
});

test("a state directory of a newer format is refused, and left unlocked", async () => {
  const directory = await scratch();
  const file = join(directory, "format.json");
  await writeFile(file, '{"format_version": 99}');
  await expect(openStateDir(directory, 1)).rejects.toThrow("newer fleetsweep (format 99");
  await writeFile(file, '{"format_version": 1}');
  await (await openStateDir(directory, 1)).release();
});

test("a path that is no directory is refused with what was found", async () => {
  const file = join(await scratch(), "file");
  await writeFile(file, "");
  await expect(openStateDir(file, 1)).rejects.toThrow(/state directory .*file/);
});
