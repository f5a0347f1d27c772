import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "fleetsweep-replay-"));
afterAll(() => rmSync(folder, { recursive: true }));

function replay(table: unknown, ...options: string[]) {
  const path = join(folder, "table.json");
  writeFileSync(path, JSON.stringify(table));
  const script = "test/bench/tuner/replay.ts";
  return spawnSync(process.execPath, ["--import", "tsx", script, path, ...options], {
    encoding: "utf8",
    timeout: 60_000,
  });
}

const row = { allocator: "glibc", openmp: "iomp", thp: "never", kmp_blocktime: 0 };
const rows = [1, 2, 4, 8].map((cores) => ({ ...row, cores, observed_ms: [8 / cores + cores] }));

test("tuner:replay prints exactly one JSON object with the trials and the recommendation", () => {
  const { stdout, stderr, status } = replay({ rows }, "--seed", "1", "--trials", "3");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const result: unknown = JSON.parse(stdout);
  expect(result).toEqual({
    trials: expect.arrayContaining([expect.any(Number)]),
    recommendation: { ...row, cores: expect.any(Number) },
  });
  expect(stdout.trim().split("\n")).toHaveLength(1);
});

test("a bad table or option ends tuner:replay with code 2 and nothing on stdout", () => {
  for (const result of [replay({ rows: [] }), replay({ rows }, "--trials", "0")]) {
    expect(result.status).toBe(2);
    expect(result.stdout).toBe("");
    expect(result.stderr).toContain("tuner:replay:");
  }
});
