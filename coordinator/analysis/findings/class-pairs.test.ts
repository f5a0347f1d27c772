import { expect, test } from "vitest";
import { cleanFleet, syntheticFleet } from "../../../test/support/synthetic-fleet.ts";
import { renderHtml } from "../../report/html/render-html.ts";
import { renderTable } from "../../report/render-table.ts";
import { buildReport } from "../build-report.ts";

/** The third host has another microcode, so it is a class of its own. */
const generations = buildReport(
  syntheticFleet({ ...cleanFleet, badHost: { index: 2, factor: 1.4 } }),
);
const [pair] = generations.findings.classPairs;

test("two classes of hosts are compared over the cells of both, with the larger class first", () => {
  expect(pair?.classes.map(({ hostIds }) => hostIds.length)).toEqual([7, 1]);
  expect(pair?.cells).toBe(19);
  if (pair === undefined || pair.ratio.value === null) throw new Error("no ratio");
  const { value, low, high } = pair.ratio;
  expect(value).toBeGreaterThan(1.37);
  expect(value).toBeLessThan(1.43);
  expect(low).toBeLessThan(value);
  expect(high).toBeGreaterThan(value);
  expect(pair.counts).toEqual({ improved: 0, regressed: 19, same: 0, inconclusive: 0 });
  const axes = new Set(pair.means.map(({ axis }) => axis));
  expect(axes).toContain("placement");
});

test("a report says which class is slower, with the command that compares them", () => {
  const command = `fleetsweep compare ${generations.sweep.sweepId},class=${pair?.classes[0].classId} ${generations.sweep.sweepId},class=${pair?.classes[1].classId}`;
  const page = renderHtml(generations);
  expect(page).toContain("Host classes side by side");
  expect(page).toContain(command);
  expect(renderTable(generations, 400)).toContain(command);
});

test("one class has nothing to be compared with, and its report no section", () => {
  const report = buildReport(syntheticFleet(cleanFleet));
  expect(report.findings.classPairs).toEqual([]);
  expect(renderHtml(report)).not.toContain("Host classes side by side");
});
