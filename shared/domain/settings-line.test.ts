import { expect, test } from "vitest";
import { makeTopology } from "../testing/topologies.ts";
import type { Cell } from "./cell.ts";
import { resolvePlacement } from "./resolve-placement.ts";
import { settingsLines } from "./settings-line.ts";

const host = makeTopology({ packages: 2, nodesPerPackage: 1, coresPerNode: 4 });

function linesOf(cell: Cell): readonly string[] {
  const placement = resolvePlacement(host, cell);
  return settingsLines(cell, "refused" in placement ? null : placement);
}

test("each instance is a line of its own, with its CPUs and the nodes of its memory", () => {
  expect(
    linesOf({ placement: "per-socket", memory_policy: "bind", allocator: "tcmalloc" }),
  ).toEqual([
    "OMP_NUM_THREADS=4 LD_PRELOAD=libtcmalloc_minimal.so.4 numactl --physcpubind=0-3 --membind=0",
    "OMP_NUM_THREADS=4 LD_PRELOAD=libtcmalloc_minimal.so.4 numactl --physcpubind=4-7 --membind=1",
  ]);
});

test("a setting of the whole host stands before, and OpenMP's variables follow its runtime", () => {
  const cell = { placement: "one-socket", cores: 2, thp: "always", openmp: "intel" };
  expect(linesOf({ ...cell, kmp_blocktime: 1, openmp_binding: "close" })).toEqual([
    "# as root: echo always > /sys/kernel/mm/transparent_hugepage/enabled",
    "OMP_NUM_THREADS=2 LD_PRELOAD=libiomp5.so KMP_BLOCKTIME=1 KMP_AFFINITY=granularity=fine,compact,1,0 numactl --physcpubind=0-1",
  ]);
  expect(
    linesOf({ ...cell, openmp: "gnu", openmp_binding: "close", wait_policy: "passive" })[1],
  ).toBe(
    "OMP_NUM_THREADS=2 OMP_PROC_BIND=close OMP_PLACES=threads OMP_WAIT_POLICY=PASSIVE numactl --physcpubind=0-1",
  );
});

test("what only the program can set stands before as a comment", () => {
  expect(linesOf({ cores: 2, dtype: "int8", interop_threads: 1, spinning: false })).toEqual([
    "# in the program: threads 2, dtype int8, interop_threads 1, spinning false",
    "OMP_NUM_THREADS=2 numactl --physcpubind=0-1",
  ]);
});

test("settings that are left to the host give nothing to set", () => {
  expect(settingsLines({ allocator: "glibc", thp: "host" }, null)).toEqual([""]);
});
