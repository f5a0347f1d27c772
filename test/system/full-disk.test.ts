import { execFile } from "node:child_process";
import { mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSpool } from "../../agent/link/spool.ts";
import { ResultKeeper } from "../../agent/result-keeper.ts";
import { SpoolIndex } from "../../agent/spool-index.ts";
import { silentLogger } from "../../shared/runtime/logger.ts";
import { result } from "../../shared/testing/log-events.ts";

const run = promisify(execFile);

/** A file system of 256 KiB of its own: null where this user may not mount one. */
let disk: string | null = null;

beforeEach(async () => {
  const directory = await mkdtemp(join(tmpdir(), "full-disk-"));
  try {
    await run("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", directory]);
    disk = directory;
  } catch {
    await rm(directory, { recursive: true });
  }
});
afterEach(async () => {
  if (disk === null) return;
  await run("umount", [disk]);
  await rm(disk, { recursive: true });
  disk = null;
});

function large(attemptId: string) {
  const stderrTail = "x".repeat(20_000);
  const outcome = { type: "failed", reason: "crashed", message: "test", stderrTail } as const;
  return result({ attemptId, outcome }).result;
}

test("a full disk holds the measurement back and loses nothing, and it goes on once there is room", async ({
  skip,
}) => {
  if (disk === null) return skip("mounting a tmpfs needs root");
  const filler = join(disk, "filler");
  await writeFile(filler, Buffer.alloc(180 * 1024));
  const spool = await SpoolIndex.load(await openSpool(join(disk, "spool")));
  let waits = 0;
  const keeper = new ResultKeeper({
    spool,
    logger: silentLogger,
    clock: {
      monotonicMs: () => 0,
      // Room comes while the agent waits, as when a log is rotated away.
      sleep: async () => {
        waits += 1;
        expect(keeper.paused).toContain("ENOSPC");
        if (waits === 2) await rm(filler);
      },
    },
  });
  const kept = ["a", "b", "c", "d", "e"];
  for (const attemptId of kept) await keeper.keep(large(attemptId), new AbortController().signal);
  expect(waits).toBe(2);
  expect(keeper.paused).toBeNull();
  const { bavail } = await statfs(disk);
  expect(bavail).toBeGreaterThan(0);
  const again = await openSpool(join(disk, "spool"));
  expect(again.torn).toEqual([]);
  expect(await Promise.all(again.pending().map((id) => again.read(id)))).toEqual(kept.map(large));
});
