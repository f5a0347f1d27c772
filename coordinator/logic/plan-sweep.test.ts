import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { maxShardCells } from "../../coordinator/logic/planning/make-shards.ts";
import { makeCellId } from "../../shared/domain/cell.ts";
import { resolvePlacement } from "../../shared/domain/resolve-placement.ts";
import { callAxes } from "../../shared/domain/runner-declaration.ts";
import {
  onnxruntimeDeclaration,
  pytorchDeclaration,
} from "../../shared/testing/runner-declarations.ts";
import { cellsOf, digest, makeHost, plan, prunedBy } from "../../test/plan-kit.ts";

test("the quickstart sweep comes to sixteen cells in one shard, on one core and on one socket", () => {
  const [planned] = plan(readFileSync("examples/quickstart.yaml", "utf8")).hosts;
  expect(planned?.shards.map((shard) => [shard.shardId, shard.cells.length])).toEqual([
    ["h1-0001", 16],
  ]);
  expect(planned?.placements.map((placement) => placement.resolved.instances[0]?.pus)).toEqual([
    [0],
    [0, 1, 2, 3],
  ]);
  expect(planned?.pruned).toEqual([]);
  expect(cellsOf(planned)[0]).toEqual({
    runner: "onnxruntime",
    mode: "graph",
    model: "bert-mini",
    dtype: "fp32",
    thp: "host",
    interop_threads: 1,
    arena: true,
    graph_optimization: "all",
    spin_microseconds: 1_000,
    placement: "one-socket",
    cores: 1,
    instances: 1,
    smt: "off",
    memory_policy: "local",
    batch_size: 1,
    sequence_length: 32,
  });
});

test("smart dispatch gives each sequence length its part of the host", () => {
  const text =
    "axes: {runner: pytorch, placement: smart-dispatch, sequence_length: [8, 32, 128, 384, 512]}";
  const [host] = plan(text, [makeHost({ coresPerNode: 24 })]).hosts;
  expect(
    cellsOf(host).map((cell) => [cell["sequence_length"], cell["placement"], cell["cores"]]),
  ).toEqual([
    // Eight cores of the first socket are one-socket by its first name, and equal work.
    [8, "one-socket", 8],
    [32, "one-socket", 8],
    [128, "smart-dispatch-medium", 16],
    [384, "smart-dispatch-long", 24],
    [512, "smart-dispatch-long", 24],
  ]);
  expect(host?.pruned).toEqual([]);
});

test("include adds matrices and baselines add theirs, equal cells counted once", () => {
  const text = [
    "axes: {runner: pytorch, batch_size: [1, 8], cores: 2}",
    "include:",
    "  - {cores: all, batch_size: 8}",
    "  - {cores: 2, batch_size: 8}",
    "baselines: [out-of-the-box, optimized]",
  ].join("\n");
  const [host] = plan(text).hosts;
  const shown = cellsOf(host).map((cell) =>
    [
      cell["cores"],
      cell["smt"],
      cell["memory_policy"],
      cell["openmp_binding"],
      cell["batch_size"],
    ].join(" "),
  );
  expect(shown).toEqual([
    "2 off local none 1",
    "2 off local none 8",
    "4 off local none 8",
    "4 on local none 1",
    "4 on local none 8",
    "4 off bind close 1",
    "4 off bind close 8",
  ]);
  expect(prunedBy(host)).toEqual({ repeated: 1 });
});

test("cells that one process can measure stay in one shard, no shard is too large, ids are canonical", () => {
  const lengths = fc.uniqueArray(fc.integer({ min: 1, max: 512 }), { minLength: 1, maxLength: 70 });
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 4 }), (sequences, cores) => {
      const text = `axes: {runner: pytorch, sequence_length: [${sequences.join()}], cores: 1..${cores}}`;
      const [host] = plan(text).hosts;
      const shardOf = new Map<string, Set<string>>();
      for (const { shardId, cells } of host?.shards ?? []) {
        expect(shardId).toMatch(/^h1-\d{4,}$/);
        expect(cells.length).toBeLessThanOrEqual(maxShardCells);
        for (const { cellId, cell } of cells) {
          expect(cellId).toBe(makeCellId(cell, pytorchDeclaration.version, digest));
          const process = Object.entries(cell).filter(([axis]) => !callAxes.includes(axis));
          const key = JSON.stringify(process);
          shardOf.set(key, (shardOf.get(key) ?? new Set()).add(shardId));
        }
      }
      const most = Math.ceil(sequences.length / maxShardCells);
      for (const shards of shardOf.values()) expect(shards.size).toBeLessThanOrEqual(most);
      expect(shardOf.size).toBe(cores);
    }),
    { numRuns: 40 },
  );
});

test("a planned cell is resolved by the agent to what the plan shows", () => {
  const text = [
    "axes:",
    "  runner: pytorch",
    "  placement: [one-socket, all-sockets, per-socket, 2-per-socket, compact, spread, remote-memory]",
    "  cores: [1, 2, all]",
    "  smt: [off, on]",
    "  remainder: [drop, spread]",
    "  socket: [0, 1]",
  ].join("\n");
  const host = makeHost({ coresPerNode: 5 });
  const [planned] = plan(text, [host]).hosts;
  expect(planned?.placements.length).toBeGreaterThan(10);
  for (const cell of cellsOf(planned)) {
    const label = ["placement", "cores", "instances", "smt", "memory_policy", "remainder", "socket"]
      .filter((axis) => axis in cell)
      .map((axis) => `${axis}=${cell[axis]}`)
      .join(" ");
    const shown = planned?.placements.find((placement) => placement.label === label);
    expect(resolvePlacement(host.topology, cell)).toEqual(shown?.resolved);
  }
});

test("a product that no plan should hold is refused before it is made", () => {
  const text = "axes: {runner: pytorch, batch_size: 1..4000, sequence_length: 1..4000}";
  expect(() => plan(text)).toThrow("more than 2,000,000 cells");
  const placements = "axes: {runner: pytorch, cores: 1..4000, instances: 1..4000}";
  expect(() => plan(placements)).toThrow("more than 8192 combinations");
});

test("a host without the runner, or whose cells all fail, is not planned, and says why", () => {
  const without = {
    ...makeHost(),
    runners: [{ ...onnxruntimeDeclaration, unavailable: "no library" }],
  };
  expect(plan("axes: {runner: onnxruntime}", [without]).unmatched).toMatchObject([
    { hostId: "xeon-1", reason: "no cell can run here: runner onnxruntime: no library" },
  ]);
});

test("names that objects inherit are names like any other", () => {
  const text = [
    "axes: {runner: onnxruntime, model: [bert-tiny, constructor]}",
    "parameters: {constructor: [1, 2]}",
  ].join("\n");
  const odd = { ...onnxruntimeDeclaration, models: ["bert-tiny", "constructor"] };
  const [host] = plan(text, [{ ...makeHost(), runners: [odd] }]).hosts;
  expect(cellsOf(host).map((cell) => cell["model"])).toEqual(["bert-tiny", "constructor"]);
  expect(prunedBy(host)).toEqual({ "undeclared-parameter": 2 });
});
