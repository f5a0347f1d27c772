import { copyFile, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LaunchResult } from "../../shared/domain/result.ts";
import { result } from "../../shared/testing/log-events.ts";
import { failure, measured } from "../../shared/testing/outcomes.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { type Disk, nodeDisk } from "./disk.ts";
import { openSpool } from "./spool.ts";
import { decodeRecord, decodeRecords, encodeRecord } from "./spool-record.ts";

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
beforeEach(async () => {
  directory = await makeTemporaryDirectory();
});
afterEach(async () => {
  await directory.remove();
});

function attempt(attemptId: string): LaunchResult {
  return result({ attemptId, outcome: measured() }).result;
}

async function files(): Promise<string[]> {
  return (await readdir(directory.path)).filter((name) => name.endsWith(".result")).sort();
}

test("every put that resolved is there after any death, in order", async () => {
  const spool = await openSpool(directory.path);
  const ids = ["zebra", "alpha", "mike"];
  for (const id of ids) await spool.put(attempt(id));
  // Nothing is closed: a death leaves things as they are.
  const again = await openSpool(directory.path);
  expect(again.pending()).toEqual(ids);
  expect(await again.read("alpha")).toEqual(attempt("alpha"));
  expect(again.torn).toEqual([]);
  await again.put(attempt("omega"));
  expect((await openSpool(directory.path)).pending()).toEqual([...ids, "omega"]);
});

test("only remove forgets, and it forgets for good", async () => {
  const spool = await openSpool(directory.path);
  for (const id of ["a", "b", "c"]) await spool.put(attempt(id));
  await spool.remove(["b", "unknown"]);
  expect(spool.pending()).toEqual(["a", "c"]);
  expect(await spool.read("b")).toBeUndefined();
  expect((await openSpool(directory.path)).pending()).toEqual(["a", "c"]);
  await spool.remove(["a", "c"]);
  expect(spool.depth).toBe(0);
  expect(spool.sizeBytes).toBe(0);
});

test("the same attempt put twice is kept once", async () => {
  const spool = await openSpool(directory.path);
  await Promise.all([spool.put(attempt("a")), spool.put(attempt("a"))]);
  await spool.put(attempt("a"));
  expect(await files()).toHaveLength(1);
});

test("a record cut anywhere is moved aside and reported, and the others stay", async () => {
  const whole = encodeRecord(attempt("b")).bytes;
  const spool = await openSpool(directory.path);
  for (const id of ["a", "b", "c"]) await spool.put(attempt(id));
  const [, middle = ""] = await files();
  await truncate(join(directory.path, middle), Math.floor(whole.length / 2));
  const again = await openSpool(directory.path);
  expect(again.pending()).toEqual(["a", "c"]);
  expect(again.torn).toEqual([
    { file: join(directory.path, "torn", middle), reason: expect.stringContaining("checksum") },
  ]);
  const [torn] = again.torn;
  expect(await readFile(torn?.file ?? "")).toEqual(whole.subarray(0, whole.length / 2));
});

test("what is put together stands in one file and is synced once", async () => {
  const synced: string[] = [];
  const disk: Disk = {
    ...nodeDisk,
    create: async (file) => {
      const handle = await nodeDisk.create(file);
      return {
        writeFile: (bytes) => handle.writeFile(bytes),
        sync: async () => {
          synced.push(file);
          await handle.sync();
        },
        close: () => handle.close(),
      };
    },
  };
  const spool = await openSpool(directory.path, { disk });
  const ids = Array.from({ length: 40 }, (_, n) => `a${n}`);
  await Promise.all(ids.map((id) => spool.put(attempt(id))));
  expect(synced).toHaveLength(1);
  expect(await files()).toHaveLength(1);
  const again = await openSpool(directory.path);
  expect(again.pending()).toEqual(ids);
  expect(await again.read("a7")).toEqual(attempt("a7"));
  expect(await again.message("a7")).toEqual(encodeRecord(attempt("a7")).message);
});

test("one result of a file is released alone, and for good", async () => {
  const spool = await openSpool(directory.path);
  await Promise.all(["a", "b", "c"].map((id) => spool.put(attempt(id))));
  await Promise.all([spool.remove(["b"]), spool.remove(["a"])]);
  expect(spool.pending()).toEqual(["c"]);
  expect(await spool.read("c")).toEqual(attempt("c"));
  expect((await openSpool(directory.path)).pending()).toEqual(["c"]);
  await spool.remove(["c"]);
  expect(await files()).toEqual([]);
});

test("a file that is cut anywhere keeps the results before the cut, and is moved aside", async () => {
  const ids = ["a", "b", "c"];
  const spool = await openSpool(directory.path);
  await Promise.all(ids.map((id) => spool.put(attempt(id))));
  const [name = ""] = await files();
  const whole = await readFile(join(directory.path, name));
  const ends = decodeRecords(whole).map(({ at, length }) => at + length);
  for (const cut of [0, 1, 30, ...ends.flatMap((end) => [end - 1, end, end + 1, end + 40])]) {
    if (cut >= whole.length) continue;
    const cutDirectory = await makeTemporaryDirectory();
    await writeFile(join(cutDirectory.path, name), whole.subarray(0, cut));
    const kept = ids.filter((_, n) => (ends[n] ?? 0) <= cut);
    const { torn } = await openSpool(cutDirectory.path);
    // Where the cut falls between two records, nothing says that there was another one.
    expect(torn).toHaveLength(ends.includes(cut) || ends.includes(cut - 1) ? 0 : 1);
    const again = await openSpool(cutDirectory.path);
    expect(again.pending()).toEqual(kept);
    expect(again.torn).toEqual([]);
    for (const id of kept) expect(await again.read(id)).toEqual(attempt(id));
    await cutDirectory.remove();
  }
});

test("damage in the middle of a file costs the record that it hits and no other", async () => {
  const spool = await openSpool(directory.path);
  await Promise.all(["a", "b", "c"].map((id) => spool.put(attempt(id))));
  const [name = ""] = await files();
  const bytes = await readFile(join(directory.path, name));
  const { at = 0, length = 0 } = decodeRecords(bytes)[1] ?? {};
  bytes.writeUInt8(bytes.readUInt8(at + length - 5) ^ 1, at + length - 5);
  await writeFile(join(directory.path, name), bytes);
  await expect(spool.read("b")).rejects.toMatchObject({ code: "spool.corrupt" });
  expect(spool.pending()).toEqual(["a", "c"]);
  expect(await spool.read("a")).toEqual(attempt("a"));
  const again = await openSpool(directory.path);
  expect(again.pending()).toEqual(["a", "c"]);
  expect(again.torn).toEqual([]);
  expect(await readdir(join(directory.path, "torn"))).toEqual([name]);
});

test("who died while a file was replaced left some results twice, and they are kept once", async () => {
  const spool = await openSpool(directory.path);
  await Promise.all(["a", "b", "c"].map((id) => spool.put(attempt(id))));
  const [name = ""] = await files();
  await copyFile(join(directory.path, name), join(directory.path, "before"));
  await spool.remove(["a"]);
  await copyFile(join(directory.path, "before"), join(directory.path, name));
  const again = await openSpool(directory.path);
  // The release was not over when it died: it comes again.
  expect(again.pending()).toEqual(["a", "b", "c"]);
  await again.remove(["a", "b"]);
  await again.remove(["c"]);
  expect(await files()).toEqual([]);
});

test("a result is given to its publisher from memory once, and from the disk after that", async () => {
  const spool = await openSpool(directory.path);
  await spool.put(attempt("a"));
  const [name = ""] = await files();
  const { message } = encodeRecord(attempt("a"));
  expect(await spool.message("a")).toEqual(message);
  expect(await spool.message("a")).toEqual(message);
  await writeFile(join(directory.path, name), "garbage");
  await expect(spool.message("a")).rejects.toMatchObject({ code: "spool.corrupt" });
  expect(await spool.message("a")).toBeUndefined();
});

test("no cut and no changed byte passes for a whole record", () => {
  const whole = encodeRecord(attempt("a")).bytes;
  expect(decodeRecord(whole)).toEqual({ result: attempt("a") });
  const place = fc.integer({ min: 0, max: whole.length - 1 });
  fc.assert(
    fc.property(place, fc.integer({ min: 1, max: 255 }), (at, change) => {
      expect(decodeRecord(whole.subarray(0, at))).toHaveProperty("torn");
      const changed = Buffer.from(whole);
      changed.writeUInt8(whole.readUInt8(at) ^ change, at);
      expect(decodeRecord(changed)).toHaveProperty("torn");
    }),
  );
});

test("a record damaged under a running agent is moved aside when it is read", async () => {
  const spool = await openSpool(directory.path);
  await spool.put(attempt("a"));
  const [name = ""] = await files();
  await writeFile(join(directory.path, name), "garbage");
  await expect(spool.read("a")).rejects.toMatchObject({ code: "spool.corrupt" });
  expect(spool.pending()).toEqual([]);
  expect(await readdir(join(directory.path, "torn"))).toEqual([name]);
});

test("a full spool refuses and keeps what it has", async () => {
  const spool = await openSpool(directory.path, { limits: { maxRecords: 2, maxBytes: 1e9 } });
  await spool.put(attempt("a"));
  await spool.put(attempt("b"));
  await expect(spool.put(attempt("c"))).rejects.toMatchObject({
    code: "spool.full",
    retryable: true,
  });
  expect(spool.pending()).toEqual(["a", "b"]);
  await spool.remove(["a"]);
  await spool.put(attempt("c"));
  expect(spool.pending()).toEqual(["b", "c"]);

  const { sizeBytes } = spool;
  const small = await openSpool(directory.path, {
    limits: { maxRecords: 100, maxBytes: sizeBytes },
  });
  await expect(small.put(attempt("d"))).rejects.toMatchObject({ code: "spool.full" });
});

test("what no log would take is refused before it is kept", async () => {
  const spool = await openSpool(directory.path);
  const outcome = failure({ stderrTail: "x".repeat(1_000_000) });
  await expect(spool.put({ ...attempt("a"), outcome })).rejects.toMatchObject({
    code: "bus.rejected",
  });
  expect(spool.depth).toBe(0);
});

test("a spool that cannot be made is an error with its place", async () => {
  const file = join(directory.path, "file");
  await writeFile(file, "");
  await expect(openSpool(join(file, "spool"))).rejects.toMatchObject({
    code: "state.unusable",
    message: expect.stringContaining(file),
  });
});
