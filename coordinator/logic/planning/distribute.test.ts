import { expect, test } from "vitest";
import { makeHost, plan } from "../../../test/plan-kit.ts";

test("hosts are selected by facts, flags and labels, and an unknown fact selects none", () => {
  const text = (where: string) => `axes: {runner: onnxruntime}\nhosts: {where: '${where}'}`;
  const rack = { ...makeHost({}, "a"), labels: { rack: "r7" } };
  const flagged = { ...makeHost({}, "b") };
  const withFlags = { ...flagged.topology, flags: { avx512_vnni: true } };
  const hosts = [rack, { ...flagged, topology: withFlags }, makeHost({ packages: 1 }, "c")];
  const names = (where: string) => plan(text(where), hosts).hosts.map((host) => host.hostId);
  expect(names('label.rack == "r7" and packages >= 2')).toEqual(["a"]);
  expect(names("avx512_vnni")).toEqual(["b"]);
  expect(names("not avx512_vnni")).toEqual([]);
  expect(names('host == "c" or cores > 4')).toEqual(["a", "b", "c"]);
  expect(plan(text("avx512_vnni"), hosts).unmatched).toMatchObject([
    { hostId: "a", reason: "not selected by avx512_vnni (avx512_vnni = unknown)" },
    { hostId: "c", reason: "not selected by avx512_vnni (avx512_vnni = unknown)" },
  ]);
});

const partitioned = [
  "axes:",
  "  runner: onnxruntime",
  "  model: bert-tiny",
  "  cores: 1..all",
  "  dtype: [fp32, int8]",
  "  batch_size: [1, 2, 4, 8, 16, 32, 64, 128]",
  "hosts: {distribute: partition, replicas: 2}",
].join("\n");

test("partition gives each cell to as many hosts of a class as there are replicas, balanced by time", () => {
  const alike = ["a", "b", "c"].map((id) => makeHost({ coresPerNode: 12 }, id));
  const other = makeHost({ coresPerNode: 6 }, "d");
  const planned = plan(partitioned, [...alike, other]);
  const ids = planned.hosts.map((host) =>
    host.shards.flatMap((shard) => shard.cells.map((cell) => cell.cellId)),
  );
  const counts = new Map<string, number>();
  for (const id of ids.slice(0, 3).flat()) counts.set(id, (counts.get(id) ?? 0) + 1);
  expect(counts.size).toBe(12 * 2 * 8);
  expect(new Set(counts.values())).toEqual(new Set([2]));
  expect(ids[3]).toHaveLength(6 * 2 * 8);
  const times = planned.hosts.slice(0, 3).map((host) => host.estimatedSeconds);
  expect(Math.max(...times) / Math.min(...times)).toBeLessThan(1.2);
});

test("the same inputs give the same plan, in whatever order the hosts are known", () => {
  const hosts = ["a", "b", "c", "d"].map((id) => makeHost({ coresPerNode: 6 }, id));
  const expected = JSON.stringify(plan(partitioned, hosts));
  expect(JSON.stringify(plan(partitioned, [...hosts].reverse()))).toBe(expected);
});
