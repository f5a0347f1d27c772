import { readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LaunchResult } from "../../shared/domain/result.ts";
import { result } from "../../shared/testing/log-events.ts";
import { failure, measured } from "../../shared/testing/outcomes.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { openSpool } from "./spool.ts";
import { decodeRecord, encodeRecord } from "./spool-record.ts";

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
  const whole = encodeRecord(attempt("b"));
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

test("no cut and no changed byte passes for a whole record", () => {
  const whole = encodeRecord(attempt("a"));
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
