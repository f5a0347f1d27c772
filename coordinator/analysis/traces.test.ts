import { expect, test } from "vitest";
import {
  chooseTracedCells,
  type LaunchTrace,
  limits,
  pickEvenly,
  sketchCalls,
  sketchCourse,
} from "./traces.ts";

function launch(cell: number, status: LaunchTrace["status"] = "valid"): LaunchTrace {
  const endedAtMs = 1_000 * cell;
  return {
    hostId: "h1",
    cellId: `c${cell}`,
    launch: 1,
    endedAtMs,
    medianNs: 1e6,
    status,
    warmupCalls: 3,
  };
}

test("doubtful cells are traced first, and the bound holds whatever there is", () => {
  const many = Array.from({ length: 500 }, (_, cell) =>
    launch(cell, cell === 77 ? "flagged" : "valid"),
  );
  const chosen = chooseTracedCells(many);
  expect(chosen).toContain("h1\nc77");
  expect(chosen).toHaveLength(limits.cells);
  const allOdd = many.map((some) => ({ ...some, status: "invalid" as const }));
  expect(chooseTracedCells(allOdd)).toHaveLength(limits.cells);
  expect(chooseTracedCells([])).toEqual([]);
});

test("a sketch has the quantiles of all launches together, and nothing of nothing", () => {
  const sketch = sketchCalls([
    [5, 1, 3],
    [2, 4],
  ]);
  expect([sketch?.[0], sketch?.[4], sketch?.at(-1)]).toEqual([1, 3, 5]);
  expect(sketchCalls([[], []])).toBeNull();
});

test("a course has every call in one of its bins, in order", () => {
  const bins = sketchCourse(Array.from({ length: 1_001 }, (_, call) => call));
  expect(bins.length).toBeLessThanOrEqual(limits.courseBins);
  expect(bins.reduce((sum, { calls }) => sum + calls, 0)).toBe(1_001);
  expect(bins.map(({ firstCall }) => firstCall)).toEqual(bins.map((_, index) => 1 + 26 * index));
});

test("members that are picked evenly keep both ends", () => {
  expect(pickEvenly([1, 2, 3, 4, 5], 3)).toEqual([1, 3, 5]);
  expect(pickEvenly([1, 2], 5)).toEqual([1, 2]);
  expect(pickEvenly([1, 2, 3], 0)).toEqual([]);
});
