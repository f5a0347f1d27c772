import { expect, test } from "vitest";
import { hostileNames, hostileReport } from "../../test/support/hostile-report.ts";
import { syntheticReport } from "../../test/support/synthetic-report.ts";
import { figureStyles } from "../figures/figure-style.ts";
import { specifyFigures } from "../figures/registry.ts";
import { composeSvg } from "./compose-svg.ts";
import { drawText } from "./terminal/draw-text.ts";
import { elideTo, wrapPixels } from "./text-size.ts";
import { roundTicks, spacedTicks, tickLabel } from "./ticks.ts";
import { toPng } from "./to-png.ts";

const specs = figureStyles.flatMap((style) => specifyFigures(syntheticReport(), style).shown);
const hostile = figureStyles.flatMap((style) => specifyFigures(hostileReport(), style).shown);

test.for(specs)(
  "$kind.name is an SVG with title, description and numbers, the same each time",
  ({ kind, spec }) => {
    const svg = composeSvg(spec, kind.name);
    expect(svg).toContain(`<title id="${kind.name}-title">`);
    expect(svg).toContain(`<desc id="${kind.name}-desc">`);
    expect(svg).not.toMatch(/NaN|undefined|Infinity|var\(--/);
    expect(svg).not.toMatch(/(?:href|src)=/);
    expect(composeSvg(spec, kind.name)).toBe(svg);
  },
);

test.for(specs)("$kind.name is a PNG of twice its size", ({ kind, spec }) => {
  const svg = composeSvg(spec, kind.name);
  const png = Buffer.from(toPng(svg));
  expect(png.subarray(1, 4).toString("latin1")).toBe("PNG");
  const width = Number(/width="(\d+)"/.exec(svg)?.[1]);
  expect(png.readUInt32BE(16)).toBe(2 * width);
});

test.for(hostile)("hostile names stay text in the SVG of $kind.name", ({ kind, spec }) => {
  const svg = composeSvg(spec, kind.name);
  expect(svg).not.toMatch(/<script|<img|onerror="|<svg onload|<style/i);
  // The renderer reads XML strictly: what is not well-formed, it refuses.
  expect(toPng(svg).length).toBeGreaterThan(1_000);
});

test.for(hostile)("hostile names do nothing to a terminal in $kind.name", ({ spec }) => {
  const text = drawText(spec, 80);
  expect(hostileNames.length).toBeGreaterThan(0);
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202A-\u202E]/u);
});

test.for([40, 80, 133])("every picture fits a terminal of %i columns", (width) => {
  for (const { spec } of [...specs, ...hostile]) {
    const longest = Math.max(
      ...drawText(spec, width)
        .split("\n")
        .map((line) => Array.from(line).length),
    );
    expect(longest).toBeLessThanOrEqual(width);
  }
});

test("ticks are round, and labels that would touch are left out", () => {
  expect(roundTicks(0, 2_700, "linear")).toEqual([0, 1_000, 2_000]);
  expect(roundTicks(1, 90, "log")).toEqual([1, 2, 5, 10, 20, 50]);
  expect(roundTicks(0.95, 1.08, "log")).toContain(1);
  const near = spacedTicks([1, 2, 3, 4, 56], (value) => value * 3);
  expect(near[0]).toBe(1);
  expect(near.at(-1)).toBe(56);
  expect(near.length).toBeLessThan(5);
  expect([0, 0.05, 2, 1_500, 20_000, 3e6].map(tickLabel)).toEqual([
    "0",
    "0.05",
    "2",
    "1500",
    "20k",
    "3M",
  ]);
});

test("a long name keeps its ends, and words longer than a line are cut", () => {
  expect(elideTo("batch 1, sequence 384", 11)).toBe("batch…e 384");
  expect(wrapPixels("aaaaaaaaaa bb", 31, 10)).toEqual(["aaaaa", "aaaaa", "bb"]);
});
