import { expect, test } from "vitest";
import { buildFindings } from "../coordinator/analysis/build-findings.ts";
import { parseGoal } from "../coordinator/analysis/recommend/goal.ts";
import { recommend } from "../coordinator/analysis/recommend/recommend.ts";
import type { ReportInput } from "../coordinator/analysis/report-input.ts";
import { recommendationFormats } from "../coordinator/report/recommendation-text.ts";
import type { Cell } from "../shared/domain/cell.ts";
import { usableCores } from "../shared/domain/host-cores.ts";
import { makeTopology } from "../shared/testing/topologies.ts";
import { cellsOf, makeHost, plan } from "./plan-kit.ts";
import { reportCell, reportInput } from "./support/report-input.ts";

const shape = { packages: 2, nodesPerPackage: 1, coresPerNode: 4, threadsPerCore: 2 };
const cores = usableCores(makeTopology(shape));

/** Five launches of a cell around a latency, with as many instances as it says. */
function cell(axes: Cell, ms: number, p99Ms = 1.2 * ms) {
  const full = { smt: "off", instances: 1, cores: 4, batch_size: 1, sequence_length: 128, ...axes };
  const made = reportCell(
    { model: "bert-mini", dtype: "fp32", ...full },
    [1, 1.001, 0.999, 1.002, 0.998].map((factor) => factor * ms),
  );
  const launches = made.launches.map((launch) =>
    launch.type === "measured"
      ? { ...launch, samplesPerSecond: launch.samplesPerSecond * Number(full.instances) }
      : launch,
  );
  const pooled = { count: 400, p90Ns: ms * 1e6, percentilesNs: { "99": p99Ms * 1e6 } };
  return { ...made, launches, pooled };
}

function input(cells: ReturnType<typeof cell>[]): ReportInput {
  const made = reportInput(cells);
  const known = "refused" in cores ? null : cores;
  return { ...made, hosts: made.hosts.map((host) => ({ ...host, cores: known })) };
}

const outOfBox = cell({ smt: "on" }, 20);
const bound = cell({ memory_policy: "bind", allocator: "jemalloc", openmp: "intel" }, 10, 11);
const spread = cell({ placement: "all-sockets", cores: 8 }, 12, 30);
const each = cell({ placement: "per-socket", instances: 2, memory_policy: "bind" }, 13, 25);
const sweep = input([outOfBox, bound, spread, each]);

test("the best for latency beats out of the box by a paired factor, with a line to copy", () => {
  const [item] = recommend(sweep, parseGoal("latency")).items;
  expect(item?.winner?.cellId).toBe(bound.cellId);
  expect(item?.baseline?.cellId).toBe(outOfBox.cellId);
  expect(item?.gain).toMatchObject({ value: expect.closeTo(2, 6), n: 5 });
  expect(item?.tied).toEqual([]);
  expect(item?.commands).toEqual([
    "# in the program: threads 4, dtype fp32",
    "OMP_NUM_THREADS=4 LD_PRELOAD=libjemalloc.so.2:libiomp5.so numactl --physcpubind=0-3 --membind=0",
  ]);
});

test("the best for throughput may be several processes, one command each", () => {
  const [item] = recommend(sweep, parseGoal("throughput")).items;
  expect(item?.winner?.cellId).toBe(each.cellId);
  expect(item?.commands).toEqual([
    "# in the program: threads 4, dtype fp32",
    "OMP_NUM_THREADS=4 numactl --physcpubind=0-3 --membind=0",
    "OMP_NUM_THREADS=4 numactl --physcpubind=4-7 --membind=1",
  ]);
});

test("a bound takes out what breaks it, and cost counts the cores", () => {
  const [within] = recommend(sweep, parseGoal("p99<=20ms")).items;
  expect(within?.winner?.cellId).toBe(bound.cellId);
  const [none] = recommend(sweep, parseGoal("p99 <= 1ms")).items;
  expect(none).toMatchObject({ winner: null, commands: [] });
  expect(none?.reason).toContain("none of 4 cells keeps p99 <= 1ms; the first: p99 is 24.00 ms");
  const [cheap] = recommend(sweep, parseGoal("cost")).items;
  expect(cheap?.winner?.figure.value).toBeCloseTo(25, 1);
  const few = { ...bound, pooled: { ...bound.pooled, count: 30 } };
  const [unknown] = recommend(input([few]), parseGoal("p99<=20ms")).items;
  expect(unknown?.reason).toContain("30 calls, p99 takes 299");
});

test("cells that are not certainly worse are named with the winner", () => {
  const twin = cell({ memory_policy: "bind", allocator: "tcmalloc" }, 10.02);
  const [item] = recommend(input([bound, twin, spread]), parseGoal("latency")).items;
  expect(item?.tied.map(({ cellId }) => cellId)).toEqual([twin.cellId]);
  expect(item?.gain).toMatchObject({ value: null, reason: expect.stringContaining("baselines") });
});

test("a runner's own parameter is a setting of the same workload, with its own value out of the box", () => {
  const cells = [true, false].map((spinning) => cell({ spinning }, spinning ? 12 : 10));
  const made = input(cells);
  const parameterDefaults = { onnxruntime: { spinning: true } };
  const hosts = made.hosts.map((host) => ({ ...host, parameterDefaults }));
  const { items } = recommend({ ...made, hosts }, parseGoal("latency"));
  expect(items).toHaveLength(1);
  expect(items[0]?.winner?.cell).toMatchObject({ spinning: false });
  expect(items[0]?.baseline?.cell).toMatchObject({ spinning: true });
  expect(items[0]?.commands[0]).toBe("# in the program: threads 4, dtype fp32, spinning false");
});

test("the confirmation is a sweep file of exactly the winner and its baseline", () => {
  const { confirmation } = recommend(sweep, parseGoal("latency"));
  const host = makeHost(shape, "h1");
  const planned = cellsOf(plan(confirmation, [host, makeHost(shape, "h2")]).hosts[0]);
  expect(planned).toHaveLength(2);
  expect(new Set(planned.map((found) => found["smt"]))).toEqual(new Set(["off", "on"]));
  expect(plan(confirmation, [host, makeHost(shape, "h2")]).hosts).toHaveLength(1);
  expect(recommend(input([outOfBox]), parseGoal("latency")).confirmation).toBe("");
});

test("people get it in 80 columns, but for lines to copy", () => {
  const text = recommendationFormats.table(recommend(sweep, parseGoal("latency")), 80);
  const wide = text.split("\n").filter((line) => line.length > 80);
  expect(wide.every((line) => line.includes("numactl"))).toBe(true);
  expect(text).toContain("out of box   2.00 times as good (2.00 to 2.00, n = 5)");
});

test("an unknown goal is refused with what there is", () => {
  expect(() => parseGoal("speed")).toThrow('no objective is called "speed": latency, throughput');
  expect(() => parseGoal("p42<=1ms")).toThrow("p42");
});

test("what is within the margin is no difference, and no winner is named for it", () => {
  const decisionAt = (margin: number) =>
    buildFindings(input([bound, spread].map(plain)), margin).verdicts[0]?.decision;
  expect(decisionAt(0.01)).toBe("one-socket");
  expect(decisionAt(0.3)).toBe("no-difference");
  const tiedAt = (margin: number) =>
    recommend(sweep, parseGoal("latency"), margin).items[0]?.tied.length;
  expect([tiedAt(0.01), tiedAt(0.25)]).toEqual([0, 1]);
});

/** Only the placement differs. */
function plain({ cell: axes, launches }: ReturnType<typeof cell>) {
  const ms = launches.flatMap((launch) => (launch.type === "measured" ? [launch.medianNs] : []));
  const { placement = "one-socket", cores: count = 4 } = axes;
  return cell({ placement, cores: count }, (ms[0] ?? 1) / 1e6);
}
