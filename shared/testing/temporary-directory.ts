import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A fresh directory, and how to take it away again. */
export async function makeTemporaryDirectory(): Promise<{
  path: string;
  remove: () => Promise<void>;
}> {
  const path = await mkdtemp(join(tmpdir(), "fleetsweep-test-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
