import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { outlineSweep } from "../../coordinator/logic/plan-sweep.ts";
import { parseSweepFile } from "../../coordinator/sweep-file/parse-sweep-file.ts";
import { tensorflowDeclaration } from "../../shared/testing/runner-declarations.ts";
import {
  cellsOf,
  digest,
  icelake,
  makeHost,
  plan,
  prunedBy,
  runners,
} from "../../test/plan-kit.ts";

test("of the published 24 N = 1,920 settings of 80 cores, 18 N = 1,440 are distinct", () => {
  const spec = parseSweepFile(readFileSync("presets/seed-tuning.yaml", "utf8"), "seed-tuning.yaml");
  const [host] = outlineSweep(spec, [icelake], digest).hosts;
  expect(host?.written).toBe(1_920);
  expect(host?.cellCount).toBe(1_440);
  expect(host?.pruned).toMatchObject([
    { rule: "gnu-blocktime", reason: "GNU OpenMP ignores KMP_BLOCKTIME", count: 480 },
  ]);
});

test("the whole published product is 645,120 cells as written, and every one is accounted for", () => {
  const spec = parseSweepFile(readFileSync("presets/seed-full.yaml", "utf8"), "seed-full.yaml");
  const intel = { ...tensorflowDeclaration, name: "intel-tensorflow" };
  const host = { ...icelake, runners: [...runners, intel] };
  const [outline] = outlineSweep(spec, [host], digest).hosts;
  expect(outline?.written).toBe(645_120);
  // PyTorch heeds all knobs (18 N), TensorFlow neither OpenMP nor its block time (6 N).
  expect(outline?.cellCount).toBe(42 * 80 * (2 * 18 + 6 * 6));
  const pruned = outline?.pruned.reduce((sum, entry) => sum + entry.count, 0) ?? 0;
  expect(pruned + (outline?.cellCount ?? 0)).toBe(645_120);
});

test("the published example of 24 threads on CPUs 24-37 is refused", () => {
  const wrong = ["axes:", "  runner: pytorch", "  placement: cpus:24-37@1", "  threads: 24"].join(
    "\n",
  );
  const host = makeHost({ coresPerNode: 24 });
  const planned = plan(wrong, [host]);
  expect(planned.hosts).toEqual([]);
  expect(planned.unmatched[0]?.reason).toContain("24 threads on 14 CPUs");
  const [right] = plan(wrong.replace("24-37", "24-47"), [host]).hosts;
  expect(right?.placements[0]?.resolved.instances).toMatchObject([
    { threads: 24, memoryNodes: [1], memoryPolicy: "bind" },
  ]);
});

test("more cores than the placement has are left out with the numbers, what fits is planned", () => {
  const [host] = plan("axes: {runner: onnxruntime, cores: [2, 5]}").hosts;
  expect(cellsOf(host).map((cell) => cell["cores"])).toEqual([2]);
  expect(host?.pruned).toMatchObject([
    {
      rule: "cores-within-host",
      reason: "one-socket, cores 5: one socket has 4 cores usable, fewer than 5",
      count: 1,
    },
  ]);
});

test("a preloaded allocator is measured only where the runner's arena is off", () => {
  const text = [
    "axes:",
    "  runner: onnxruntime",
    "  allocator: [glibc, tcmalloc, jemalloc]",
    "parameters:",
    "  arena: [true, false]",
  ].join("\n");
  const [host] = plan(text).hosts;
  expect(cellsOf(host).map((cell) => [cell["arena"], cell["allocator"]])).toEqual([
    [true, undefined],
    [false, "glibc"],
    [false, "tcmalloc"],
    [false, "jemalloc"],
  ]);
  expect(prunedBy(host)).toEqual({ "arena-allocator": 2 });
});

test("knobs and parameters of other runners are left out, and what a runner does not offer is named", () => {
  const text = [
    "axes:",
    "  runner: [onnxruntime, pytorch, caffe]",
    "  mode: [eager, graph]",
    "  model: bert-base",
    "  openmp: [gnu, intel]",
    "parameters:",
    "  arena: [true, false]",
  ].join("\n");
  const [host] = plan(text).hosts;
  expect(prunedBy(host)).toEqual({
    "runner-offered": 8,
    "offered-by-runner": 4,
    "ignored-knob": 2,
    "undeclared-parameter": 4,
  });
  expect(cellsOf(host)).toHaveLength(6);
});

test("with split_batch each instance gets its part, and a part that is not whole is left out", () => {
  const text = [
    "axes: {runner: pytorch, batch_size: [1, 8], placement: all-sockets, instances: [1, 2, 8]}",
    "split_batch: true",
  ].join("\n");
  const [host] = plan(text).hosts;
  const shapes = cellsOf(host).map((cell) => [
    cell["instances"],
    cell["cores"],
    cell["batch_size"],
  ]);
  expect(shapes).toEqual([
    [1, 8, 1],
    [1, 8, 8],
    [2, 4, 4],
    [8, 1, 1],
  ]);
  expect(prunedBy(host)).toEqual({ "instances-divide-batch": 2 });
});

test("placements that give the same CPUs on a host are measured once, whatever their order", () => {
  const axes = (list: string) => `axes: {runner: onnxruntime, placement: [${list}]}`;
  for (const list of ["per-numa-node, per-l3, per-socket", "per-socket, per-l3, per-numa-node"]) {
    const [host] = plan(axes(list)).hosts;
    expect(cellsOf(host).map((cell) => cell["placement"])).toEqual(["per-socket"]);
    expect(prunedBy(host)).toEqual({ "same-placement": 2 });
  }
});

test("when keeps and exclude drops, each with its reason, and the unknown is kept", () => {
  const text = [
    "axes: {runner: pytorch, batch_size: [1, 8], sequence_length: [32, 512], openmp: [gnu, intel]}",
    "when: batch_size * sequence_length <= 512",
    "exclude:",
    "  - {if: kmp_blocktime == 200, reason: no default block time}",
    "  - host.packages == 1",
  ].join("\n");
  const [host] = plan(text).hosts;
  // GNU cells have no kmp_blocktime: the comparison is unknown and takes none of them out.
  expect(cellsOf(host).every((cell) => cell["openmp"] === "gnu")).toBe(true);
  expect(host?.pruned).toMatchObject([
    { rule: "when", reason: "batch_size * sequence_length <= 512", count: 1 },
    { rule: "exclude", reason: "no default block time", count: 4 },
  ]);
});

test("arrivals need their setting, a runner that offers them, and mean the same where they are closed", () => {
  const text = [
    "axes:",
    "  runner: [onnxruntime, pytorch]",
    "  arrival: [closed, server]",
    "  arrival_rate: [0.5, 20]",
    "  streams: 4",
  ].join("\n");
  const host = makeHost({});
  const [onnx, ...others] = host.runners;
  if (onnx === undefined) throw new Error("no runner");
  const able = { ...onnx, arrivals: ["closed", "server"] };
  const [planned] = plan(text, [{ ...host, runners: [able, ...others] }]).hosts;
  const asked = cellsOf(planned).map((cell) => [
    cell["runner"],
    cell["arrival"],
    cell["arrival_rate"],
    cell["streams"],
  ]);
  expect(asked).toEqual([
    ["onnxruntime", undefined, undefined, undefined],
    ["onnxruntime", "server", 0.5, undefined],
    ["onnxruntime", "server", 20, undefined],
    ["pytorch", undefined, undefined, undefined],
  ]);
  // One process of ONNX Runtime takes its calls as they come, whichever way.
  const spec = parseSweepFile(text, "arrivals.yaml");
  const outline = outlineSweep(spec, [{ ...host, runners: [able, ...others] }], digest).hosts[0];
  expect(outline?.launchCount).toBe(2 * spec.method.minLaunches);
  const [lacking] = plan("axes: {runner: onnxruntime, arrival: [closed, server]}").hosts;
  expect(lacking?.pruned).toMatchObject([
    {
      rule: "arrival-offered",
      reason: "arrival: server needs arrival_rate, the calls per second",
      count: 1,
    },
  ]);
});

test("a value that the host cannot set is left out with the host's own reason, not run with the default", () => {
  const host = makeHost({});
  const reason = "libmimalloc is not installed on this host";
  const lacking = host.runners.map((runner) => ({
    ...runner,
    knobRefusals: { allocator: { mimalloc: reason } },
  }));
  const text = [
    "axes:",
    "  runner: pytorch",
    "  allocator: [glibc, mimalloc, tcmalloc]",
    "  allocator_tunables: [none, huge-pages]",
  ].join("\n");
  const [planned] = plan(text, [{ ...host, runners: lacking }]).hosts;
  const asked = cellsOf(planned).map((cell) => [cell["allocator"], cell["allocator_tunables"]]);
  expect(asked).toEqual([
    ["glibc", "none"],
    ["glibc", "huge-pages"],
    ["tcmalloc", "none"],
  ]);
  expect(planned?.pruned).toEqual([
    {
      rule: "knob-available",
      axis: "allocator",
      reason: `allocator mimalloc: ${reason}`,
      count: 2,
    },
    {
      rule: "knob-available",
      axis: "allocator_tunables",
      reason: "tcmalloc has no tunables called huge-pages",
      count: 1,
    },
  ]);
});

test("what a host found that it cannot run is left out with what it found, not launched", () => {
  const host = makeHost({});
  const lacking = host.runners.map((runner) => ({
    ...runner,
    refusedPairs: { "graph int8": "no such kernel", "compile fp32": "no compiler" },
    parameters: { ...runner.parameters, xla: { type: "flag" as const, default: false } },
    knobRefusals: { xla: { true: "built without XLA" } },
  }));
  const text = [
    "axes:",
    "  runner: pytorch",
    "  mode: [eager, graph, compile]",
    "  dtype: [fp32, int8]",
    "parameters: {xla: [false, true]}",
  ].join("\n");
  const [planned] = plan(text, [{ ...host, runners: lacking }]).hosts;
  const asked = cellsOf(planned).map((cell) => [cell["mode"], cell["dtype"], cell["xla"]]);
  expect(asked).toEqual([
    ["eager", "fp32", false],
    ["eager", "int8", false],
    ["graph", "fp32", false],
  ]);
  expect(planned?.pruned.map(({ rule, reason, count }) => [rule, reason, count])).toEqual(
    expect.arrayContaining([
      ["runs-together", "pytorch does not run graph int8 here: no such kernel", 2],
      ["runs-together", "pytorch does not run compile fp32 here: no compiler", 2],
      ["knob-available", "xla true: built without XLA", 3],
    ]),
  );
});
