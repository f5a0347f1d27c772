import { expect, test } from "vitest";
import { precisionModes } from "../../shared/domain/method.ts";
import {
  doubt,
  failedLaunch,
  measuredLaunch,
  reportCell,
  reportInput,
} from "../../test/support/report-input.ts";
import { buildReport } from "./build-report.ts";
import type { ReportRow } from "./report.ts";
import type { ReportCell } from "./report-input.ts";

function onlyRow(cell: ReportCell): ReportRow {
  const [row] = buildReport(reportInput([cell])).rows;
  if (row === undefined) throw new Error("the report has no row");
  return row;
}

const steady = [10, 10.02, 9.98, 10.01, 9.99];

test("a cell's value is the geometric mean of its launch medians with Student's t on their logarithms", () => {
  // exp(mean ± t·s/√5) of the logarithms, with t(0.975, 4) = 2.7764451 from a table.
  const { medianNs } = onlyRow(reportCell({ cores: 1 }, [10, 11, 12, 9, 10]));
  expect(medianNs.value / 1e6).toBeCloseTo(10.350_547, 4);
  expect((medianNs.low ?? 0) / 1e6).toBeCloseTo(9.040_781, 4);
  expect((medianNs.high ?? 0) / 1e6).toBeCloseTo(11.850_062, 4);
});

test("the speed-up pairs launches of the same number and rests on those of both cells", () => {
  const base = reportCell({ cores: 1 }, [10, 20, 30, 40]);
  const fast = reportCell({ cores: 4 }, [2.5, 5, 7.5]);
  const report = buildReport(reportInput([base, fast]));
  expect(report.rows[1]?.scaling).toEqual({
    speedUp: { value: 4, low: 4, high: 4, halfWidth: expect.closeTo(0, 12) },
    efficiency: { value: 1, low: 1, high: 1, halfWidth: expect.closeTo(0, 12) },
    baseCellId: base.cellId,
    pairs: 3,
  });
});

test("drift that both cells share leaves the speed-up's interval narrow", () => {
  const drift = [1, 1.1, 1.2, 1.3, 1.4];
  const noise = [1, 1.001, 0.999, 1.002, 0.998];
  const base = reportCell(
    { cores: 1 },
    drift.map((d) => 10 * d),
  );
  const fast = reportCell(
    { cores: 2 },
    drift.map((d, i) => 5 * d * (noise[i] ?? 1)),
  );
  const [, row] = buildReport(reportInput([base, fast])).rows;
  expect(row?.medianNs.halfWidth).toBeGreaterThan(0.1);
  expect(row?.scaling).toMatchObject({ speedUp: { value: expect.closeTo(2, 2) } });
  const scaling = row?.scaling;
  expect(scaling !== undefined && "speedUp" in scaling && scaling.speedUp.halfWidth).toBeLessThan(
    0.003,
  );
});

test("the base has the same workload, host and knobs, and among several the nearest placement", () => {
  const cells = [
    reportCell({ cores: 1, dtype: "fp32", batch_size: 1 }, steady),
    reportCell({ cores: 1, dtype: "int8", batch_size: 1 }, steady),
    reportCell({ cores: 1, dtype: "int8", batch_size: 1, placement: "compact" }, steady),
    reportCell({ cores: 1, dtype: "int8", batch_size: 1, smt: "on" }, steady),
    reportCell({ cores: 4, dtype: "int8", batch_size: 1 }, steady),
    reportCell({ cores: 4, dtype: "int8", batch_size: 8 }, steady),
    reportCell({ cores: 4, dtype: "int8", batch_size: 1 }, steady, { hostId: "h2", cellId: "x" }),
    reportCell({ cores: 4, dtype: "int8", batch_size: 1, instances: 2 }, steady),
    reportCell({ dtype: "int8", batch_size: 1 }, steady),
  ];
  const { rows } = buildReport(reportInput(cells));
  const scalingOf = (index: number) =>
    rows.find(({ cellId, hostId }) => {
      const cell = cells[index];
      return cellId === cell?.cellId && hostId === cell.hostId;
    })?.scaling;
  expect(scalingOf(4)).toMatchObject({ baseCellId: cells[1]?.cellId });
  expect(scalingOf(5)).toEqual({ absent: "no cell with one core of the same work" });
  expect(scalingOf(6)).toEqual({ absent: "no cell with one core of the same work" });
  expect(scalingOf(7)).toEqual({ absent: "several instances" });
  expect(scalingOf(8)).toEqual({ absent: "the cell has no number of cores" });
  expect(scalingOf(1)).toMatchObject({ speedUp: { value: 1, halfWidth: 0 } });
});

test("an invalid launch is counted and never used", () => {
  const launches = [10, 10, 10, 99].map((ms, index) =>
    measuredLaunch(index + 1, ms * 1e6, ms === 99 ? doubt("invalid", "foreign-cpu") : undefined),
  );
  const row = onlyRow(reportCell({ cores: 1 }, [], { launches }));
  expect(row.medianNs.value).toBeCloseTo(10e6, 3);
  expect(row.launches).toEqual({ used: 3, invalid: 1, failed: 0 });
  expect(row.verdict).toEqual({
    status: "flagged",
    reasons: [
      { code: "foreign-cpu", message: "1 of 4 launches: foreign-cpu was seen" },
      { code: "few-launches", message: "3 launches can be used, 5 are needed" },
    ],
  });
});

test("a cell with more invalid launches than others is invalid, and is nobody's base", () => {
  const bad = doubt("invalid", "steal");
  const launches = [1, 2, 3].map((n) => measuredLaunch(n, 10e6, bad));
  const base = reportCell({ cores: 1 }, [], { launches });
  const { rows } = buildReport(reportInput([base, reportCell({ cores: 2 }, steady)]));
  expect(rows[0]?.verdict.status).toBe("invalid");
  expect(rows[0]?.launches).toEqual({ used: 0, invalid: 3, failed: 0 });
  expect(rows[1]?.scaling).toEqual({ absent: "no launches of both cells can be used" });
});

test("a wide interval is noisy, a narrow one valid", () => {
  expect(onlyRow(reportCell({ cores: 1 }, steady)).verdict).toEqual({
    status: "valid",
    reasons: [],
  });
  const { verdict } = onlyRow(reportCell({ cores: 1 }, [10, 11, 12, 9, 10]));
  expect(verdict).toEqual({
    status: "flagged",
    reasons: [{ code: "noisy", message: "±14 % after 5 launches, ±2 % was the target" }],
  });
});

test("a smoke launch has a value, no interval and no verdict", () => {
  const input = reportInput([reportCell({ cores: 1 }, [10])], { method: precisionModes.smoke });
  const report = buildReport(input);
  expect(report.rows[0]).toMatchObject({
    medianNs: { value: 10e6, low: null, high: null, halfWidth: null },
    verdict: { status: null, reasons: [] },
  });
  expect(report.sweep.targetHalfWidth).toBeNull();
});

test("a percentile appears only where the calls allow it", () => {
  const few = reportCell({ cores: 1 }, steady, { pooled: { count: 28, p90Ns: 1 } });
  const enough = reportCell({ cores: 1 }, steady, { pooled: { count: 29, p90Ns: 7 } });
  expect(onlyRow(few).p90Ns).toBeNull();
  expect(onlyRow(enough).p90Ns).toBe(7);
  expect(onlyRow(reportCell({ cores: 1 }, steady, { pooled: null })).p90Ns).toBeNull();
});

test("a failed cell is shown with its evidence and is no row, whatever was measured before", () => {
  const launches = [measuredLaunch(1, 1e6), failedLaunch(2)];
  const failed = reportCell({ cores: 1 }, [], { launches, terminal: "failed" });
  const report = buildReport(reportInput([failed, reportCell({ cores: 2 }, steady)]));
  expect(report.rows).toHaveLength(1);
  expect(report.rows[0]?.scaling).toEqual({ absent: "the cell with one core failed" });
  expect(report.failed).toMatchObject([
    { cellId: failed.cellId, reason: "crashed", measuredLaunches: 1 },
  ]);
});

test("every planned cell is a row, failed or missing, and a missing one says why", () => {
  const open = { terminal: null, pooled: null } as const;
  const cells = [
    reportCell({ cores: 1 }, [], open),
    reportCell({ cores: 2 }, [], { ...open, launches: [failedLaunch(1)] }),
    reportCell({ cores: 3 }, [10, 10], { terminal: null }),
    reportCell({ cores: 4 }, [], { launches: [failedLaunch(1)], terminal: "failed" }),
  ];
  const cancelled = buildReport(reportInput(cells, { state: "cancelled" }));
  expect(cancelled.missing.map(({ reason }) => reason)).toEqual([
    "the sweep was cancelled",
    "the sweep was cancelled; its last launch failed: the runner ended with signal SIGSEGV",
  ]);
  expect(cancelled.rows).toHaveLength(1);
  expect(cancelled.failed).toHaveLength(1);
  const running = buildReport(reportInput(cells, { state: "open" }));
  expect(running.missing[0]?.reason).toBe("not measured yet");
});

test("axes with one value stand apart, and rows come in the order of the others", () => {
  const cells = [
    reportCell({ dtype: "int8", cores: 8 }, steady),
    reportCell({ dtype: "fp32", cores: 16 }, steady),
    reportCell({ dtype: "int8", cores: 1 }, steady),
    reportCell({ dtype: "fp32", cores: 2 }, steady),
  ];
  const report = buildReport(reportInput(cells));
  expect(report.constants).toEqual({ runner: "onnxruntime", placement: "one-socket" });
  expect(report.varying).toEqual(["dtype", "cores"]);
  expect(report.rows.map(({ cell }) => `${cell["dtype"]}-${cell["cores"]}`)).toEqual([
    "int8-1",
    "int8-8",
    "fp32-2",
    "fp32-16",
  ]);
});

test("versions of the software that measured are facts of the host", () => {
  const { hosts } = buildReport(reportInput([reportCell({ cores: 1 }, steady)]));
  const facts = Object.fromEntries(hosts[0]?.facts.map(({ name, value }) => [name, value]) ?? []);
  expect(facts).toMatchObject({ runner: "onnxruntime-node 1.30.0", agent: "0.1.0", CPU: null });
});
