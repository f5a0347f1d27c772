import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LaunchResult } from "../shared/domain/result.ts";
import { silentLogger } from "../shared/runtime/logger.ts";
import { makeTemporaryDirectory } from "../shared/testing/temporary-directory.ts";
import { DirectoryJournal, launchVariable } from "./link/launch-journal.ts";
import { recoverLaunch } from "./recover-launch.ts";
import { nodeLaunchSystem } from "./runner/launch-system.ts";

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
beforeEach(async () => {
  directory = await makeTemporaryDirectory();
});
afterEach(() => directory.remove());

const entry = {
  launchId: `test-${process.pid}`,
  sweepId: "s1",
  shardId: "h1-0001",
  grantId: "g1",
  cells: [
    { cellId: "c1", launch: 1 },
    { cellId: "c2", launch: 3 },
  ],
};

function openJournal() {
  const onTrouble = (error: unknown) => {
    throw error;
  };
  return new DirectoryJournal(join(directory.path, "launch"), { onTrouble });
}

async function recover(kept: readonly Pick<LaunchResult, "grantId" | "cellId" | "launch">[] = []) {
  const put: LaunchResult[] = [];
  const restoreTuning = vi.fn<() => Promise<void>>(async () => {});
  const { files, kill } = nodeLaunchSystem(process);
  const gist = { medianNs: 1, failure: null, invalid: false, elapsedMs: null, terminal: null };
  await recoverLaunch({
    hostId: "h1",
    journal: openJournal(),
    files,
    kill,
    endScopes: async () => 0,
    restoreTuning,
    spool: {
      launchesOf: () => kept.map((one) => ({ sweepId: "s1", shardId: "x", ...gist, ...one })),
      put: async (result) => void put.push(result),
    },
    randomId: () => `a${put.length}`,
    nowMs: () => 7,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    logger: silentLogger,
  });
  return { put, restoreTuning };
}

test("the cell that was measured when its agent died has an interrupted launch, and no other has", async () => {
  const journal = openJournal();
  await journal.begin(entry);
  for (const { cellId } of entry.cells) journal.reach(cellId);
  await vi.waitFor(async () => expect((await openJournal().read())?.at).toBe("c2"));
  const { put, restoreTuning } = await recover();
  expect(restoreTuning).toHaveBeenCalled();
  expect(put).toMatchObject([
    { cellId: "c2", launch: 3, grantId: "g1", terminal: null, outcome: { reason: "interrupted" } },
  ]);
  expect((await recover()).put).toEqual([]);
});

test("a launch that died while it started interrupts all its cells", async () => {
  await openJournal().begin(entry);
  expect((await recover()).put.map(({ cellId }) => cellId)).toEqual(["c1", "c2"]);
});

test("what is in the spool already was not interrupted", async () => {
  await openJournal().begin(entry);
  const { put } = await recover([{ grantId: "g1", cellId: "c1", launch: 1 }]);
  expect(put.map(({ cellId }) => cellId)).toEqual(["c2"]);
});

test("a launch that ended in order, and an entry that was torn, say nothing", async () => {
  const journal = openJournal();
  await journal.begin(entry);
  await journal.end();
  expect((await recover()).put).toEqual([]);
  await writeFile(join(directory.path, "launch", "launch.json"), '{"launchId":"x');
  expect((await recover()).put).toEqual([]);
});

test("processes that carry the launch's mark are ended, also those that no runner waits for", async () => {
  const env = { PATH: process.env["PATH"] ?? "", [launchVariable]: entry.launchId };
  // The shell ends at once, and its child belongs to nobody.
  const shell = spawn("sh", ["-c", "sleep 600 >/dev/null 2>&1 & echo $!"], { env });
  const [line] = (await once(shell.stdout, "data")) as [Buffer];
  const orphan = Number(line.toString());
  expect(await isRunning(orphan)).toBe(true);
  await openJournal().begin(entry);
  await recover();
  await vi.waitFor(async () => expect(await isRunning(orphan)).toBe(false));
});

/** A process that nobody has waited for is a zombie, which does not run. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  return stat !== null && !/\) [ZX] /.test(stat);
}
