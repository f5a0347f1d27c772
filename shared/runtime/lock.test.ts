import { mkdtemp, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lockDirectory } from "./lock.ts";

test("a directory is locked once, by whatever path, and free again after its release", async () => {
  const directory = await mkdtemp(join(tmpdir(), "fleetsweep-lock-"));
  const alias = `${directory}-alias`;
  await symlink(directory, alias);
  const lock = await lockDirectory(directory, 4711);
  await expect(lockDirectory(alias, 4712)).rejects.toThrow("in use by process 4711");
  await lock.release();
  await (await lockDirectory(alias, 4712)).release();
});
