import { readFileSync } from "node:fs";
import { bench, describe } from "vitest";
import { parseSweepFile } from "../../coordinator/sweep-file/parse-sweep-file.ts";
import { fileOf, outlineOf, planSizes, streamCells } from "./plan-workload.ts";

const seed = readFileSync("presets/seed-full.yaml", "utf8");

/** Seconds-long runs: a few are enough to see growth, and more would take minutes. */
const few = { iterations: 3, time: 0, warmupIterations: 1, warmupTime: 0 } as const;

describe("plan, every cell with its id", () => {
  for (const cells of planSizes) {
    const text = fileOf(cells);
    bench(`${cells} cells`, () => void streamCells(outlineOf(text)), few);
  }
  bench("the published product: 645,120 written", () => void streamCells(outlineOf(seed)), few);
});

describe("plan, groups only", () => {
  bench("the published product: 645,120 written", () => void outlineOf(seed), few);
});

describe("read a sweep file", () => {
  bench("the largest preset", () => void parseSweepFile(seed, "seed-full.yaml"));
});
