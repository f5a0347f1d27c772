import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { type AuditEntry, AuditTrail, auditFile, readAudit } from "./audit.ts";

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
beforeEach(async () => {
  directory = await makeTemporaryDirectory();
});
afterEach(() => directory.remove());

function entry(target: string, outcome: AuditEntry["outcome"] = "allowed"): AuditEntry {
  return { actor: "host/h1", peer: "local", action: "Renew", target, outcome };
}
const file = () => auditFile(directory.path);
const targets = async (last: number): Promise<readonly string[]> =>
  (await readAudit(file(), last)).entries.map(({ target }) => target);

test("a file that has grown gives way to a new one, and the trail is read over all of them", async () => {
  // Each line passes the bound, so each entry has a file of its own.
  const trail = new AuditTrail(file(), () => 0, 1);
  for (let n = 0; n < 6; n += 1) await trail.record(entry(`t${n}`));
  expect(await readdir(directory.path)).toHaveLength(6);
  expect(await targets(100)).toEqual(["t0", "t1", "t2", "t3", "t4", "t5"]);
  expect(await targets(2)).toEqual(["t4", "t5"]);
});

test("no more files than the bound are kept, and the oldest entries are those that go", async () => {
  const trail = new AuditTrail(file(), () => 0, 1);
  await Promise.all(Array.from({ length: 20 }, (_, n) => trail.record(entry(`t${n}`))));
  expect(await readdir(directory.path)).toHaveLength(8);
  expect(await targets(100)).toEqual(Array.from({ length: 8 }, (_, n) => `t${n + 12}`));
  // A trail that another program opens goes on in the same files.
  await new AuditTrail(join(directory.path, "audit.jsonl"), () => 0).record(entry("later"));
  expect(await targets(1)).toEqual(["later"]);
});

test("a flood of refusals is held back, and what is allowed is always written", async () => {
  let nowMs = 0;
  const trail = new AuditTrail(file(), () => nowMs);
  for (let n = 0; n < 200; n += 1) await trail.record(entry(`r${n}`, "refused"));
  expect(await targets(1_000)).toHaveLength(20);
  for (let n = 0; n < 30; n += 1) await trail.record(entry(`a${n}`));
  expect(await targets(1_000)).toHaveLength(50);
  nowMs = 10_000;
  for (let n = 0; n < 200; n += 1) await trail.record(entry(`s${n}`, "refused"));
  expect(await targets(1_000)).toHaveLength(60);
});
