import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeTemporaryDirectory } from "../testing/temporary-directory.ts";
import { lockDirectory } from "./lock.ts";

test("a directory is locked once, by whatever path, and free again after its release", async () => {
  const { path, remove } = await makeTemporaryDirectory();
  onTestFinished(remove);
  const [directory, alias] = [join(path, "state"), join(path, "alias")];
  await mkdir(directory);
  await symlink(directory, alias);
  const lock = await lockDirectory(directory, 4711);
  await expect(lockDirectory(alias, 4712)).rejects.toThrow("in use by process 4711");
  await lock.release();
  await (await lockDirectory(alias, 4712)).release();
});
