import type { Chart } from "../figures/figure-spec.ts";
import type { Canvas, Drawing } from "./canvas.ts";
import { drawBars } from "./draw-bars.ts";
import { drawBoxes } from "./draw-boxes.ts";
import { drawHeat } from "./draw-heat.ts";
import { drawIntervals } from "./draw-intervals.ts";
import { drawLines } from "./draw-lines.ts";
import { drawMatrix } from "./draw-matrix.ts";
import { drawScatter } from "./draw-scatter.ts";

/** The panels of a picture in their order. */
export function drawChart(chart: Chart, canvas: Canvas): Drawing[] {
  switch (chart.kind) {
    case "lines":
      return drawLines(chart, canvas);
    case "bars":
      return drawBars(chart, canvas);
    case "intervals":
      return drawIntervals(chart, canvas);
    case "heat":
      return drawHeat(chart, canvas);
    case "boxes":
      return drawBoxes(chart, canvas);
    case "scatter":
      return drawScatter(chart, canvas);
    case "matrix":
      return drawMatrix(chart, canvas);
  }
}
