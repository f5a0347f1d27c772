import { expect, test } from "vitest";
import { makeRandomSource } from "../tuner/random.ts";
import { buildHistory, type HistoryEntry } from "./history.ts";

/** Thirty nights of five launches with 1 % of noise; `factor` is the level of each night. */
function nights(seed: number, factor: (night: number) => number): readonly HistoryEntry[] {
  const random = makeRandomSource(seed);
  return Array.from({ length: 30 }, (_, night) => ({
    sweepId: `n${night}`,
    submittedAtMs: night * 86_400_000,
    mediansNs: Array.from(
      { length: 5 },
      () => 1e7 * factor(night) * Math.exp(0.01 * random.normal()),
    ),
    versions: [factor(night) > 1 ? "onnxruntime-node 1.31.0" : "onnxruntime-node 1.30.0"],
  }));
}

test("a change of level is found at its sweep, with the version that came with it", () => {
  const { changes, points } = buildHistory(
    "h1",
    { cores: 1 },
    nights(1, (n) => (n < 18 ? 1 : 1.05)),
  );
  expect(points).toHaveLength(30);
  expect(changes).toMatchObject([{ sweepId: "n18", newVersions: ["onnxruntime-node 1.31.0"] }]);
  const ratio = changes[0]?.ratio;
  expect(ratio?.value).toBeCloseTo(1.05, 1);
  expect(ratio?.value !== null && (ratio?.low ?? 9) < 1.05 && (ratio?.high ?? 0) > 1.05).toBe(true);
});

test("a bad week is two changes: up, and down again", () => {
  const week = (n: number): number => (n >= 12 && n < 19 ? 1.08 : 1);
  const { changes } = buildHistory("h1", {}, nights(2, week));
  expect(changes.map(({ sweepId }) => sweepId)).toEqual(["n12", "n19"]);
});

test("200 histories without a change show none", () => {
  const found = Array.from({ length: 200 }, (_, seed) =>
    buildHistory(
      "h1",
      {},
      nights(seed + 100, () => 1),
    ),
  );
  expect(found.flatMap(({ changes }) => changes)).toEqual([]);
});

test("a sweep in which nothing was measured is no point", () => {
  const [first, ...rest] = nights(3, () => 1);
  const { points } = buildHistory("h1", {}, [
    ...rest,
    { ...(first as HistoryEntry), mediansNs: [] },
  ]);
  expect(points).toHaveLength(29);
});
