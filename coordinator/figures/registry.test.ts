import { expect, test } from "vitest";
import { reportCell, reportInput } from "../../test/support/report-input.ts";
import { cleanFleet, syntheticFleet } from "../../test/support/synthetic-fleet.ts";
import { syntheticInput, syntheticReport } from "../../test/support/synthetic-report.ts";
import { buildReport } from "../analysis/build-report.ts";
import type { Report } from "../analysis/report.ts";
import type { Chart, FigureSpec } from "./figure-spec.ts";
import { limits } from "./limits.ts";
import { figureKinds, specifyFigures } from "./registry.ts";

function specOf(name: string, report: Report): FigureSpec {
  const spec = figureKinds.find((kind) => kind.name === name)?.specify(report);
  if (spec === undefined || "absent" in spec) throw new Error(`no ${name}: ${spec?.absent}`);
  return spec;
}

function panelsOf(chart: Chart): readonly unknown[] {
  return "panels" in chart ? chart.panels : [chart];
}

test("a sweep of two-socket hosts has every picture, each with n, hosts and a table", () => {
  const { shown, left } = specifyFigures(syntheticReport(), "lines");
  expect(left.map(({ kind }) => kind.name)).toEqual([]);
  for (const { spec } of shown) {
    expect(spec.notes.join(" ")).toMatch(/n = \d|n = number/);
    expect(spec.says).not.toMatch(/NaN|undefined|Infinity/);
    expect(spec.table.rows.length).toBeGreaterThan(0);
    for (const row of spec.table.rows) expect(row).toHaveLength(spec.table.columns.length);
  }
});

test("a sweep without a measured cell shows its coverage, and says why there is nothing else", () => {
  const report = buildReport(reportInput([reportCell({ cores: 1 }, [], { terminal: null })]));
  const { shown, left } = specifyFigures(report, "lines");
  expect(shown.map(({ kind }) => kind.name)).toEqual(["coverage"]);
  expect(left.every(({ reason }) => reason.length > 5)).toBe(true);
});

test("a sweep without cells has no picture, and one cell has no comparison", () => {
  expect(specifyFigures(buildReport(reportInput([])), "lines").shown).toEqual([]);
  const one = buildReport(reportInput([reportCell({ cores: 1 }, [3, 3, 3])]));
  expect(specifyFigures(one, "lines").shown.map(({ kind }) => kind.name)).toEqual(["coverage"]);
});

test("the curve goes on from one socket to all, with lines where sockets and NUMA nodes are full", () => {
  const { chart } = specOf("speed-up", syntheticReport(["xeon-a"]));
  if (chart.kind !== "lines") throw new Error(chart.kind);
  const [panel] = chart.panels;
  expect(panel?.lines[0]?.points.map(({ x }) => x)).toEqual([1, 2, 5, 10, 20, 40]);
  expect(panel?.guides.map(({ at, label }) => `${at} ${label}`)).toEqual([
    "10 NUMA",
    "20 1 socket",
    "30 NUMA",
    "40 2 sockets",
  ]);
});

test("an invalid cell is shown as void in the curve and used in no ratio", () => {
  const input = syntheticInput(["xeon-a"]);
  const report = buildReport(input);
  const voids = report.rows.filter(({ verdict }) => verdict.status === "invalid");
  expect(voids.length).toBeGreaterThan(0);
  const { chart } = specOf("latency", report);
  if (chart.kind !== "lines") throw new Error(chart.kind);
  const points = chart.panels.flatMap(({ lines }) => lines.flatMap((line) => line.points));
  expect(points.filter(({ isVoid }) => isVoid).length).toBeGreaterThan(0);
  const ratios = specOf("baseline", report).table.rows.length;
  const usable = report.rows.length - voids.length;
  expect(ratios).toBeLessThanOrEqual(usable * 2);
});

test("the coverage counts every planned cell once, and names the reason of each that is not there", () => {
  const report = syntheticReport();
  const { chart, table } = specOf("coverage", report);
  if (chart.kind !== "matrix") throw new Error(chart.kind);
  const counted = chart.cells.flatMap(({ counts }) => Object.values(counts));
  expect(counted.reduce((sum, count) => sum + count, 0)).toBe(report.sweep.plannedCells);
  const failed = table.rows.find(([, state]) => state === "failed");
  expect(failed?.[3]).toBe("crashed");
});

test("the Pareto front leaves out what another configuration beats in both", () => {
  const cells = [
    reportCell({ cores: 1 }, [8, 8, 8]),
    reportCell({ cores: 2 }, [4, 4, 4]),
    reportCell({ cores: 4 }, [2, 2, 2]),
  ];
  const { table } = specOf("pareto", buildReport(reportInput(cells)));
  expect(table.rows.map((row) => row.at(-1))).toEqual(["no", "no", "yes"]);
});

test("numbers that are none leave no mark, and break no picture", () => {
  const odd = [Number.NaN, 0, Number.POSITIVE_INFINITY, 1e-12];
  const report = syntheticReport(["xeon-a"]);
  const rows = report.rows.map((row, index) => {
    const value = odd[index % 9];
    if (value === undefined) return row;
    const medianNs = { value, low: value, high: null, halfWidth: null };
    return { ...row, medianNs, samplesPerSecond: value };
  });
  for (const { spec } of specifyFigures({ ...report, rows }, "lines").shown) {
    expect(spec.table.rows.length).toBeGreaterThan(0);
  }
});

test("ten thousand cells and a hundred hosts fold into as many panels as can be read, and it is said", () => {
  const hosts = Array.from({ length: 36 }, (_, index) => `host-${index}`);
  const report = buildReport(syntheticInput(hosts));
  expect(report.sweep.plannedCells).toBeGreaterThan(10_000);
  for (const { spec } of specifyFigures(report, "lines").shown) {
    expect(panelsOf(spec.chart).length).toBeLessThanOrEqual(2 * limits.panels);
    if (spec.chart.kind === "matrix") {
      expect(spec.chart.rows.length).toBeLessThanOrEqual(limits.rows);
      expect(spec.notes.join(" ")).toContain("stand together");
    }
  }
});

test("the fitted law is drawn inside one socket with its knee, and what a crossing costs is said", () => {
  const { chart, says, table } = specOf("laws", buildReport(syntheticFleet(cleanFleet)));
  if (chart.kind !== "lines") throw new Error(chart.kind);
  const [panel] = chart.panels;
  const ends = [panel?.ideal?.[0]?.x, panel?.ideal?.at(-1)?.x];
  expect(ends).toEqual([1, expect.closeTo(40, 9)]);
  const knee = panel?.guides.find(({ label }) => label === "knee")?.at ?? 0;
  expect(knee).toBeGreaterThan(1);
  expect(knee).toBeLessThan(40);
  // Each point of one socket lies within a few percent of the law: 1 % is the noise of a launch.
  const [inside] = panel?.lines ?? [];
  for (const { x, value } of inside?.points ?? []) {
    const near = panel?.ideal?.reduce((a, b) => (Math.abs(b.x - x) < Math.abs(a.x - x) ? b : a));
    const stretch = near === undefined ? 1 : x / near.x;
    expect(Math.abs(Math.log(value / ((near?.y ?? 1) * stretch)))).toBeLessThan(0.08);
  }
  expect(says).toContain("the universal scalability law in 1");
  const factor = Number(table.rows[0]?.[table.columns.indexOf("crossing factor")]);
  expect(factor).toBeCloseTo(cleanFleet.crossing, 1);
});

test("costs of crossing and of remote memory stand as factors beside the gains", () => {
  const { chart, table } = specOf("scaling", buildReport(syntheticFleet(cleanFleet)));
  if (chart.kind !== "intervals") throw new Error(chart.kind);
  const valueOf = (start: string): number =>
    Number(table.rows.find(([title]) => String(title).startsWith(start))?.[2]);
  expect(valueOf("crossing costs")).toBeCloseTo(cleanFleet.crossing, 1);
  expect(valueOf("remote memory costs")).toBeCloseTo(1 + cleanFleet.remoteMemory, 1);
});

test("the calls of a cell stand on both sides of the cut where the runner tells its warm-up", () => {
  const { chart } = specOf("course", syntheticReport(["xeon-a"]));
  if (chart.kind !== "lines") throw new Error(chart.kind);
  const [timed, warmup] = chart.panels[0]?.lines ?? [];
  expect(timed?.points.every(({ x }) => x >= 1)).toBe(true);
  expect(warmup?.points.map(({ x }) => x).at(0)).toBe(-24);
  expect(warmup?.points.map(({ x }) => x).at(-1)).toBe(-1);
  expect(chart.panels[0]?.guides).toEqual([{ axis: "x", at: 0, label: "cut" }]);
});
