import * as Plot from "@observablehq/plot";
import type { HeatCell, HeatChart } from "../figures/figure-spec.ts";
import { type Canvas, type Drawing, type Frame, fontSize, marginTop, plotPanel } from "./canvas.ts";
import { tileOfLevel } from "./paint.ts";
import { elide, textWidth, wrapPixels } from "./text-size.ts";

const cellWidth = { least: 40, most: 128 } as const;
const room = 620;
const lineHeight = 13;
const textSize = 10;
const maxLines = 4;

export function drawHeat(chart: HeatChart, canvas: Canvas): Drawing[] {
  return chart.panels.map((panel) => drawPanel(panel, canvas, chart));
}

function drawPanel(panel: HeatChart["panels"][number], canvas: Canvas, chart: HeatChart): Drawing {
  const { columns, rows, cells, title } = panel;
  const width = Math.min(cellWidth.most, Math.max(cellWidth.least, room / columns.length));
  const lines = cells.map((cell) => fitLines(cell, width - 6));
  const height = 12 + lineHeight * Math.max(1, ...lines.map((some) => some.length));
  const left = Math.ceil(Math.max(24, ...rows.map((row) => textWidth(row, fontSize)))) + 14;
  const frame: Frame = {
    title,
    xLabel: chart.columnsLabel,
    yLabel: chart.rowsLabel,
    width: Math.max(340, Math.ceil(left + 14 + width * columns.length)),
    height: marginTop + 40 + height * rows.length,
    marginLeft: left,
    marginBottom: 40,
    marginRight: 14,
  };
  // A grid of few columns keeps its cells' size: the rest of the frame is margin.
  const marginRight = frame.width - left - width * columns.length;
  return plotPanel(
    canvas,
    { ...frame, marginRight },
    {
      x: bandScale(columns, width),
      y: bandScale(rows, left),
      marks: [
        Plot.cell(cells, {
          x: "column",
          y: "row",
          inset: 1,
          fill: (cell: HeatCell) => tileOfLevel(cell.level).fill,
          title: (cell: HeatCell) => cell.lines.join(": "),
        }),
        Plot.text(cells, {
          x: "column",
          y: "row",
          text: (_: HeatCell, index: number) => (lines[index] ?? []).join("\n"),
          fill: (cell: HeatCell) => tileOfLevel(cell.level).ink,
          fontSize: textSize,
          lineHeight: lineHeight / textSize,
        }),
      ],
      color: { type: "identity" },
    },
  );
}

/** Lines that fit the cell; a long name takes several, and none where not even four letters fit. */
function fitLines({ lines }: HeatCell, widthPx: number): string[] {
  const wrapped = lines.flatMap((line) => packParts(line, widthPx));
  if (wrapped.length <= maxLines) return wrapped;
  const last = lines.at(-1) ?? "";
  return [...wrapped.slice(0, maxLines - 2), "…", elide(last, widthPx, textSize)];
}

/** Breaks a name after its commas first: `20 cores` stays together. */
function packParts(line: string, widthPx: number): string[] {
  const packed: string[] = [];
  for (const part of line.split(/(?<=,) /)) {
    const longer = packed.length === 0 ? part : `${packed.at(-1)} ${part}`;
    if (packed.length > 0 && textWidth(longer, textSize) <= widthPx)
      packed[packed.length - 1] = longer;
    else packed.push(part);
  }
  return packed.flatMap((some) => wrapPixels(some, widthPx, textSize));
}

function bandScale(names: readonly string[], widthPx: number): Plot.ScaleOptions {
  return {
    type: "band",
    domain: names.map((_, index) => index),
    tickFormat: (index: number) => elide(names[index] ?? "", widthPx, fontSize),
    tickSize: 0,
    label: null,
    padding: 0,
  } as Plot.ScaleOptions;
}
