import fc from "fast-check";
import { expect, test } from "vitest";
import { precisionModes } from "../../shared/domain/method.ts";
import { failedLaunch, reportCell, reportInput } from "../../test/support/report-input.ts";
import { buildReport } from "../analysis/build-report.ts";
import type { Report } from "../analysis/report.ts";
import { reportFormats } from "./formats.ts";
import { chooseTimeUnit, percent, significant } from "./numbers.ts";
import { layOutTable } from "./text-table.ts";

const steady = [1, 1.001, 0.999, 1.002, 0.998];

/** Two workloads on one and on two cores, and one that failed on two. */
function example(): Report {
  const cells = ["fp32", "int8"].flatMap((dtype) =>
    [1, 2].map((cores) => {
      const medians = steady.map((factor) => (factor * (dtype === "fp32" ? 12 : 6)) / cores);
      return reportCell({ dtype, sequence_length: 128, cores }, medians);
    }),
  );
  const failed = { launches: [failedLaunch(1)], terminal: "failed", pooled: null } as const;
  return buildReport(reportInput([...cells, reportCell({ dtype: "bf16", cores: 2 }, [], failed)]));
}

test("the table shows facts, figures and what failed within 80 columns", () => {
  expect(reportFormats.table(example(), 80)).toBe(`\
sweep        01JD8W3V8N0Q6T1Z5Y7K2M4P9R
             quickstart, done, 4 of 5 cells measured, 1 failed, precision quick
             (target ±2 %), 5 launches a cell
all cells    runner onnxruntime, placement one-socket

host         h1
  CPU        not known
  shape      not known
  microcode  not known
  kernel     not known
  governor   not known
  turbo      not known
  huge pages not known
  runner     onnxruntime-node 1.30.0
  agent      0.1.0

       sequence         median     ±    p90  samples  speed-  ±  effic.
dtype    length  cores      ms     %     ms       /s      up  %       %  verdict
fp32        128      1   12.00  0.20  13.20    83.33    1.00  –     100  valid
fp32        128      2   6.000  0.20  6.600    166.7    2.00  0     100  valid
int8        128      1   6.000  0.20  6.600    166.7    1.00  –     100  valid
int8        128      2   3.000  0.20  3.300    333.3    2.00  0     100  valid

failed       dtype bf16, cores 2: crashed: the runner ended with signal SIGSEGV
             two
             three
             four
`);
});

test("no line is wider than the terminal, whatever its width", () => {
  const report = example();
  fc.assert(
    fc.property(fc.integer({ min: 60, max: 200 }), (width) => {
      const lines = reportFormats.table(report, width).split("\n");
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    }),
  );
});

test("a table that does not fit is cut into parts that repeat what each row is", () => {
  const column = (name: string, key: boolean, cells: readonly string[]) =>
    ({ header: [name], align: "left", key, cells }) as const;
  const columns = [
    column("axis", true, ["a", "b"]),
    column("first", false, ["1", "2"]),
    column("second", false, ["3", "4"]),
  ];
  expect(layOutTable(columns, 19)).toEqual([
    "axis  first  second",
    "a     1      3",
    "b     2      4",
  ]);
  expect(layOutTable(columns, 17)).toEqual(["axis first second", "a    1     3", "b    2     4"]);
  expect(layOutTable(columns, 14)).toEqual([
    "axis  first",
    "a     1",
    "b     2",
    "",
    "axis  second",
    "a     3",
    "b     4",
  ]);
});

test("escape sequences of a runner's output do not reach the terminal", () => {
  expect(reportFormats.table(example(), 80)).not.toContain("\u001b");
  expect(reportFormats.md(example(), 80)).not.toContain("\u001b");
});

test("the JSON report is versioned and keeps every digit and every planned cell", () => {
  const json = JSON.parse(reportFormats.json(example(), 0));
  expect(json.schema).toBe("fleetsweep-report/1");
  expect(json.rows).toHaveLength(4);
  expect(json.rows[1]).toMatchObject({
    host: "h1",
    cell: { dtype: "fp32", cores: 2 },
    median_ns: { value: expect.closeTo(6e6, -2), half_width: expect.closeTo(0.002, 4) },
    speed_up: { value: expect.closeTo(2, 10) },
    efficiency: { value: expect.closeTo(1, 10) },
    verdict: { status: "valid", reasons: [] },
  });
  expect(json.failed).toMatchObject([{ reason: "crashed", measured_launches: 0 }]);
  expect(reportFormats.json(example(), 0)).not.toMatch(/"[a-z]+[A-Z][a-zA-Z]*":/);
});

test("the CSV report has one line for every planned cell and quotes what needs it", () => {
  const report = example();
  const [first] = report.failed;
  const failed = first === undefined ? [] : [{ ...first, message: 'said "no",\nand died' }];
  const csv = reportFormats.csv({ ...report, failed }, 0);
  const [header = "", row = ""] = csv.split("\r\n");
  const fields = row.split(",");
  const field = (name: string): string | undefined => fields[header.split(",").indexOf(name)];
  expect(csv).toContain('"said ""no"",\nand died"\r\n');
  expect(csv.match(/,(measured|failed|missing),/g)).toHaveLength(5);
  expect(header).toMatch(/^sweep_id,host,cell_id,state,runner,placement,dtype,/);
  expect(field("sweep_id")).toBe(report.sweep.sweepId);
});

test("Markdown of names and messages is text and no markup", () => {
  const report = example();
  const named = { ...report, sweep: { ...report.sweep, name: "a|b_c*<d>" } };
  expect(reportFormats.md(named, 0)).toContain("# a\\|b\\_c\\*\\<d\\>");
});

test("a sweep without a measured cell has a report in every format", () => {
  const waiting = reportCell({ cores: 1 }, [], { terminal: null, pooled: null });
  const method = precisionModes.smoke;
  const report = buildReport(reportInput([waiting], { state: "open", method }));
  for (const render of Object.values(reportFormats)) {
    expect(render(report, 80)).toContain("not measured yet");
  }
});

test("figures keep their significant digits and are never written with an exponent", () => {
  expect([0.000_012_345, 0.99996, 1, 12.345, 123_456, 0].map((n) => significant(n, 4))).toEqual([
    "0.00001234",
    "1.000",
    "1.000",
    "12.35",
    "123500",
    "0",
  ]);
  expect([0.0213, 0.2, 0.000_4].map(percent)).toEqual(["2.1", "20", "0.040"]);
});

test("one unit of time fits a whole column", () => {
  expect(chooseTimeUnit([3e9, 2e6]).name).toBe("ms");
  expect(chooseTimeUnit([999]).name).toBe("ns");
  expect(chooseTimeUnit([]).name).toBe("s");
  // More than a call takes arguments.
  expect(chooseTimeUnit(Array.from({ length: 200_000 }, () => 5e6)).name).toBe("ms");
});
