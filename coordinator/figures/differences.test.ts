import { expect, test } from "vitest";
import { reportCell, reportInput } from "../../test/support/report-input.ts";
import { buildReport } from "../analysis/build-report.ts";
import { compareAxis, excludesOne } from "./differences.ts";

/** Launches that drift together, by far more than the two cells differ. */
const drift = [10, 12, 9, 14, 11];
const slow = drift.map((ms, launch) => ms * (launch % 2 === 0 ? 1.05 : 1.06));

function differenceOf(axis: string, cells: ReturnType<typeof reportCell>[]) {
  const report = buildReport(reportInput(cells));
  const [change] = compareAxis(report.rows, axis, report.sweep);
  return { title: change?.title, ratio: change?.differences[0]?.ratio };
}

test("launches of the same number are compared with each other, so that their common drift is no doubt", () => {
  const cells = [
    reportCell({ cores: 2, allocator: "glibc" }, slow),
    reportCell({ cores: 2, allocator: "jemalloc" }, drift),
  ];
  const { title, ratio } = differenceOf("allocator", cells);
  expect(title).toBe("jemalloc against glibc");
  expect(ratio?.value).toBeCloseTo(1.054, 3);
  expect(ratio !== undefined && excludesOne(ratio)).toBe(true);
});

test("without partners the interval is that of two cells apart", () => {
  const [base, other] = [
    reportCell({ cores: 2, allocator: "glibc" }, slow),
    reportCell({ cores: 2, allocator: "jemalloc" }, drift),
  ];
  const later = other.launches.map((launch) => ({ ...launch, launch: launch.launch + 10 }));
  const { ratio } = differenceOf("allocator", [base, { ...other, launches: later }]);
  expect(ratio?.value).toBeCloseTo(1.054, 3);
  expect(ratio !== undefined && excludesOne(ratio)).toBe(false);
});

test("a runner's own parameter is compared as a knob is", () => {
  const cells = [
    reportCell({ cores: 2, spinning: true }, slow),
    reportCell({ cores: 2, spinning: false }, drift),
  ];
  expect(differenceOf("spinning", cells).title).toBe("spinning false against spinning true");
});
