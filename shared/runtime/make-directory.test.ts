import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeTemporaryDirectory } from "../testing/temporary-directory.ts";
import { makeDirectory } from "./make-directory.ts";

test("missing directories are made, and one that is there stays as it is", async () => {
  const { path, remove } = await makeTemporaryDirectory();
  const deep = join(path, "a/b/c");
  await makeDirectory(deep, 0o700);
  await makeDirectory(deep, 0o755);
  const found = await stat(deep);
  expect([found.isDirectory(), found.mode & 0o777]).toEqual([true, 0o700]);
  await remove();
});

test("a file in the way is an error", async () => {
  const { path, remove } = await makeTemporaryDirectory();
  await writeFile(join(path, "file"), "");
  await expect(makeDirectory(join(path, "file/below"))).rejects.toMatchObject({ code: "ENOTDIR" });
  await expect(makeDirectory(join(path, "file"))).rejects.toMatchObject({ code: "ENOTDIR" });
  await remove();
});

test.skipIf(process.platform !== "linux")(
  "a file system that holds no directory of ours refuses it at once",
  async () => {
    await expect(makeDirectory("/proc/fleetsweep/state")).rejects.toMatchObject({ code: "ENOENT" });
  },
);
