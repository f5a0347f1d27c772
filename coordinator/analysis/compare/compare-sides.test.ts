import { expect, test } from "vitest";
import { reportCell, reportInput } from "../../../test/support/report-input.ts";
import { cleanFleet, syntheticFleet } from "../../../test/support/synthetic-fleet.ts";
import type { ReportInput } from "../report-input.ts";
import { compareSides } from "./compare-sides.ts";
import { parseSide } from "./side.ts";

const margin = 0.01;

function compare(a: ReportInput, b: ReportInput, filters: readonly [string, string] = ["", ""]) {
  const [left, right] = [`${a.sweep.sweepId}${filters[0]}`, `${b.sweep.sweepId}${filters[1]}`].map(
    parseSide,
  );
  if (left === undefined || right === undefined) throw new Error("no sides");
  return compareSides({ a, b }, { a: left, b: right, objective: "latency", margin });
}

function named(input: ReportInput, sweepId: string): ReportInput {
  return { ...input, sweep: { ...input.sweep, sweepId } };
}

test("a slower version is a regression, with the true factor in the interval of the mean", () => {
  const truth = { ...cleanFleet, hosts: 2, hostSd: 0 };
  const before = named(syntheticFleet({ ...truth, seed: 1 }), "s1");
  const after = named(
    syntheticFleet({ ...truth, seed: 2, oneCoreNs: 1.05 * truth.oneCoreNs }),
    "s2",
  );
  const { outcome, counts, mean, cells, onlyA, onlyB } = compare(before, after);
  expect(outcome).toBe("regression");
  expect(counts.improved).toBe(0);
  expect(counts.regressed).toBeGreaterThan(30);
  expect(mean).toMatchObject({ n: 38, unit: "ratio" });
  expect(mean.value !== null && (mean.low ?? 9) < 1.05 && (mean.high ?? 0) > 1.05).toBe(true);
  expect([onlyA, onlyB]).toEqual([0, 0]);
  expect(cells[0]?.ratio.value).toBeGreaterThan(cells.at(-1)?.ratio.value ?? 9);
  expect(compare(after, before).outcome).toBe("improvement");
});

test("two runs of the same thing are no change: of 100 comparisons few find one, and none finds many", () => {
  const truth = { ...cleanFleet, hosts: 1, hostSd: 0 };
  let changed = 0;
  for (let seed = 0; seed < 100; seed += 1) {
    const a = named(syntheticFleet({ ...truth, seed: 2 * seed }), "s1");
    const b = named(syntheticFleet({ ...truth, seed: 2 * seed + 1 }), "s2");
    const { counts } = compare(a, b);
    changed += counts.improved + counts.regressed > 0 ? 1 : 0;
    expect(counts.improved + counts.regressed).toBeLessThan(3);
  }
  expect(changed).toBeLessThanOrEqual(5);
});

test("cells that get faster and cells that get slower are mixed, each with its axis in the means", () => {
  const cells = (factors: readonly number[]) =>
    factors.map((factor, index) =>
      reportCell(
        { cores: 2 ** index },
        [10, 10.01, 9.99, 10.02, 9.98].map((ms) => factor * ms),
      ),
    );
  const before = named(reportInput(cells([1, 1, 1])), "s1");
  const after = named(reportInput(cells([1.1, 0.9, 1])), "s2");
  const found = compare(before, after);
  expect(found.outcome).toBe("mixed");
  expect(found.counts).toEqual({ improved: 1, regressed: 1, same: 1, inconclusive: 0 });
  const mean = found.means.find(({ axis, value }) => axis === "cores" && value === "1");
  expect(mean?.ratio.value).toBeCloseTo(1.1, 6);
});

test("hosts of one sweep are compared by cell, without the host in between", () => {
  const fleet = named(syntheticFleet({ ...cleanFleet, badHost: { index: 2, factor: 1.1 } }), "s1");
  const { outcome, cells, a, b } = compare(fleet, fleet, [",host=host-01", ",host=host-03"]);
  expect(outcome).toBe("regression");
  expect(cells).toHaveLength(19);
  expect(cells[0]).toMatchObject({ hostId: null, paired: false });
  expect([a.hostIds, b.hostIds]).toEqual([["host-01"], ["host-03"]]);
});

test("classes are compared over their hosts, so that n is the number of hosts", () => {
  const fleet = named(syntheticFleet({ ...cleanFleet, badHost: { index: 2, factor: 1.1 } }), "s1");
  const [usual, other] = [fleet.hosts[0]?.classId, fleet.hosts[2]?.classId];
  const { cells, b } = compare(fleet, fleet, [`,class=${other}`, `,class=${usual}`]);
  expect(b.hostIds).toHaveLength(7);
  expect(cells[0]?.b).toMatchObject({ n: 7 });
});

test("values of an axis in one sweep pair launch by launch, and what drifts with both falls out", () => {
  const drift = [1, 1.2, 1.4, 1.6, 1.8];
  const cell = (allocator: string, factor: number) =>
    reportCell(
      { cores: 1, allocator },
      drift.map((d, n) => 10 * d * factor * (1 + 0.0005 * n)),
    );
  const sweep = named(reportInput([cell("glibc", 1), cell("jemalloc", 0.9)]), "s1");
  const { cells, outcome } = compare(sweep, sweep, [",allocator=glibc", ",allocator=jemalloc"]);
  expect(cells).toMatchObject([{ paired: true, change: "improved" }]);
  expect(outcome).toBe("improvement");
});

test("one launch a cell allows no interval, so there is not enough data", () => {
  const once = (ms: number, id: string) => named(reportInput([reportCell({ cores: 1 }, [ms])]), id);
  const found = compare(once(10, "s1"), once(20, "s2"));
  expect(found.outcome).toBe("not-enough-data");
  expect(found.cells[0]).toMatchObject({ change: "inconclusive", p: null, q: null });
});

test("a side without cells names what there is", () => {
  const sweep = named(reportInput([reportCell({ cores: 1 }, [10])]), "s1");
  expect(() => compare(sweep, sweep, [",cores=7", ""])).toThrow(
    'no cell of "s1,cores=7"; cores is one of 1',
  );
  expect(() => parseSide("s1,cores")).toThrow('"cores" in "s1,cores" is no NAME=VALUE');
});
