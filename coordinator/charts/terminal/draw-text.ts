import type { Chart, FigureSpec } from "../../figures/figure-spec.ts";
import { elideTo } from "../text-size.ts";
import { barsText } from "./bars-text.ts";
import { boxesText } from "./boxes-text.ts";
import { heatText } from "./heat-text.ts";
import { intervalsText } from "./intervals-text.ts";
import { matrixText } from "./matrix-text.ts";
import { linesText, scatterText } from "./plot-text.ts";
import { plain, wrap } from "./text-lines.ts";

/** A picture for a terminal of `width` columns, without colour. Names cannot move its cursor. */
export function drawText(spec: FigureSpec, width: number): string {
  const room = Math.max(width, 40);
  const lines = [
    ...wrap(spec.title, room),
    ...wrap(spec.says, room),
    "",
    ...chartText(spec.chart, room).map((line) => elideTo(line, room)),
    "",
    ...spec.notes.flatMap((note) => wrap(note, room)),
  ];
  return `${lines.map((line) => plain(line).trimEnd()).join("\n")}\n`;
}

function chartText(chart: Chart, width: number): string[] {
  switch (chart.kind) {
    case "lines":
      return linesText(chart, width);
    case "scatter":
      return scatterText(chart, width);
    case "bars":
      return barsText(chart, width);
    case "intervals":
      return intervalsText(chart, width);
    case "heat":
      return heatText(chart, width);
    case "boxes":
      return boxesText(chart, width);
    case "matrix":
      return matrixText(chart, width);
  }
}
