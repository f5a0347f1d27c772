import { expect, test } from "vitest";
import { reportCell, reportInput } from "../../test/support/report-input.ts";
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
