import { afterEach, beforeEach, expect, test } from "vitest";
import { result } from "../shared/testing/log-events.ts";
import { makeTemporaryDirectory } from "../shared/testing/temporary-directory.ts";
import { nodeDisk } from "./link/disk.ts";
import { openSpool } from "./link/spool.ts";
import { SpoolIndex } from "./spool-index.ts";

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
beforeEach(async () => {
  directory = await makeTemporaryDirectory();
});
afterEach(async () => {
  await directory.remove();
});

async function open(): Promise<SpoolIndex> {
  return await SpoolIndex.load(await openSpool(directory.path));
}

function attempt(attemptId: string, shardId: string) {
  return result({ attemptId, shardId, cellId: attemptId }).result;
}

function shardIds(index: SpoolIndex): string[] {
  return [...index.shards()].map(({ shardId }) => shardId);
}

test("what is kept is found by its shard until it is released, also after a restart", async () => {
  const index = await open();
  for (const [attemptId, shardId] of [
    ["a1", "h1-a"],
    ["b1", "h1-b"],
    ["a2", "h1-a"],
  ] as const) {
    await index.put(attempt(attemptId, shardId));
  }
  for (const one of [index, await open()]) {
    expect(one.depth).toBe(3);
    expect(shardIds(one)).toEqual(["h1-a", "h1-b"]);
    const launches = one.launchesOf({ sweepId: "s1", shardId: "h1-a" });
    expect(launches.map(({ cellId }) => cellId)).toEqual(["a1", "a2"]);
    expect(one.launchesOf({ sweepId: "s2", shardId: "h1-a" })).toEqual([]);
  }
  await index.remove(["a1", "b1", "unknown"]);
  for (const one of [index, await open()]) {
    expect(one.depth).toBe(1);
    expect(shardIds(one)).toEqual(["h1-a"]);
  }
});

test("what is released is not kept any more, also where the disk fails at removing it", async () => {
  let failing = false;
  const disk = {
    ...nodeDisk,
    sync: async (path: string) => {
      if (failing) throw new Error("EIO: simulated");
      await nodeDisk.sync(path);
    },
  };
  const spool = await openSpool(directory.path, { disk });
  const index = await SpoolIndex.load(spool);
  await index.put(attempt("a1", "h1-a"));
  failing = true;
  await expect(index.remove(["a1"])).rejects.toThrow("EIO");
  expect(index.depth).toBe(spool.depth);
  expect(shardIds(index)).toEqual([]);
});
