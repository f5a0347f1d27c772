import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeSysfsReader, readerLimits } from "./sysfs-reader.ts";

const root = mkdtempSync(join(tmpdir(), "fleetsweep-reader-"));
const reader = makeSysfsReader(root);

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

test("a file is present, absent, or failed with a reason", async () => {
  mkdirSync(join(root, "sys/directory"), { recursive: true });
  writeFileSync(join(root, "sys/online"), "0-3\n");
  expect(await reader.read("sys/online")).toEqual({ state: "present", text: "0-3\n" });
  expect(await reader.read("sys/offline")).toEqual({ state: "absent" });
  expect(await reader.read("sys/online/deeper")).toEqual({ state: "absent" });
  expect(await reader.read("sys/directory")).toEqual({
    state: "failed",
    reason: "is a directory where a file was expected",
  });
  expect(await reader.list("sys")).toEqual(["directory", "online"]);
  expect(await reader.list("sys/none")).toBeNull();
});

test("a link inside the tree is followed, one that leads out of it is not", async () => {
  writeFileSync(join(root, "policy"), "performance\n");
  symlinkSync("policy", join(root, "governor"));
  symlinkSync("/etc", join(root, "etc"));
  symlinkSync("/etc/hostname", join(root, "hostname"));
  expect(await reader.read("governor")).toEqual({ state: "present", text: "performance\n" });
  const outside = { state: "failed", reason: "is a link that leads out of the tree" };
  expect(await reader.read("etc/hostname")).toEqual(outside);
  expect(await reader.read("hostname")).toEqual(outside);
  expect(await reader.list("etc")).toBeNull();
});

test("a file longer than the limit is refused", async () => {
  writeFileSync(join(root, "long"), Buffer.alloc(readerLimits.fileBytes + 1, "0"));
  expect(await reader.read("long")).toMatchObject({ state: "failed" });
});

test("a FIFO that nobody writes to does not hold the reader up", async () => {
  execFileSync("mkfifo", [join(root, "fifo")]);
  expect(await reader.read("fifo")).toEqual({ state: "present", text: "" });
});
