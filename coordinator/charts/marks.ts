import * as Plot from "@observablehq/plot";
import type { Guide } from "../figures/figure-spec.ts";
import type { Canvas } from "./canvas.ts";

/** Shapes that are told apart without colour. */
export const symbols = [
  "circle",
  "square",
  "triangle",
  "diamond",
  "star",
  "wye",
  "plus",
  "hexagon",
] as const;

/** Dashes of lines; the first is solid. */
export const dashes = ["", "6 3", "2 3", "9 3 2 3", "4 2", "1 2", "12 4", "6 2 1 2"] as const;

export function symbolOf(series: number): (typeof symbols)[number] {
  return symbols[series % symbols.length] ?? "circle";
}

export function dashOf(series: number): string | undefined {
  const dash = dashes[series % dashes.length];
  return dash === "" ? undefined : dash;
}

/** Lines across a panel with their names at the end, turned where they stand upright. */
export function guideMarks(guides: readonly Guide[], { paint }: Canvas): Plot.Markish[] {
  const upright = guides.filter(({ axis }) => axis === "x");
  const level = guides.filter(({ axis }) => axis === "y");
  const style = { stroke: paint.muted, strokeWidth: 1, strokeDasharray: "5 3" };
  const major = upright.filter(({ minor }) => minor !== true);
  const minor = upright.filter((guide) => guide.minor === true);
  const text = { text: "label", fill: paint.muted, fontSize: 10 };
  return [
    Plot.ruleX(major, { x: "at", ...style }),
    Plot.ruleX(minor, { x: "at", ...style, strokeDasharray: "1 3" }),
    Plot.text(upright, {
      x: "at",
      ...text,
      frameAnchor: "top",
      rotate: -90,
      textAnchor: "end",
      lineAnchor: "bottom",
      dx: -2,
      dy: 2,
    }),
    Plot.ruleY(level, { y: "at", ...style }),
  ];
}

/** Faint lines at the ticks of the axis that goes up. */
export function gridMarks(ticks: readonly number[], { paint }: Canvas): Plot.Markish[] {
  return [Plot.gridY([...ticks], { stroke: paint.grid, strokeOpacity: 1 })];
}
