import * as Plot from "@observablehq/plot";
import {
  type CellState,
  cellStates,
  type MatrixCell,
  type MatrixChart,
} from "../figures/figure-spec.ts";
import { type Canvas, type Drawing, type Frame, fontSize, marginTop, plotPanel } from "./canvas.ts";
import { stateTiles } from "./paint.ts";
import { elide, textWidth, twoLines } from "./text-size.ts";

const cellHeight = 24;
const cellWidth = { least: 34, most: 110 } as const;
const room = 560;
const maxLabelWidth = 260;

export function drawMatrix(chart: MatrixChart, canvas: Canvas): Drawing[] {
  const { columns, rows } = chart;
  const longest = Math.max(40, ...rows.map((row) => textWidth(row, fontSize)));
  const left = Math.min(maxLabelWidth, longest) + 14;
  const width = Math.min(cellWidth.most, Math.max(cellWidth.least, room / columns.length));
  const frame: Frame = {
    title: "",
    xLabel: chart.columnsLabel,
    yLabel: chart.rowsLabel,
    width: Math.ceil(left + width * columns.length + 14),
    height: marginTop + 50 + cellHeight * rows.length,
    marginLeft: left,
    marginBottom: 50,
    marginRight: 14,
  };
  return [
    plotPanel(canvas, frame, {
      x: bandScale(columns, width - 4, twoLines),
      y: bandScale(rows, left - 14, (text, widthPx) => elide(text, widthPx, fontSize)),
      marks: cellMarks(chart.cells),
      color: { type: "identity" },
    }),
  ];
}

function cellMarks(cells: readonly MatrixCell[]): Plot.Markish[] {
  return [
    Plot.cell(cells, {
      x: "column",
      y: "row",
      inset: 1,
      fill: (cell: MatrixCell) => stateTiles[worstState(cell)].fill,
      title: describeCounts,
    }),
    Plot.text(cells, {
      x: "column",
      y: "row",
      text: matrixText,
      fill: (cell: MatrixCell) => stateTiles[worstState(cell)].ink,
      fontSize: 10,
    }),
  ];
}

function bandScale(
  names: readonly string[],
  widthPx: number,
  fit: (text: string, widthPx: number) => string,
): Plot.ScaleOptions {
  return {
    type: "band",
    domain: names.map((_, index) => index),
    tickFormat: (index: number) => fit(names[index] ?? "", widthPx),
    tickSize: 0,
    label: null,
    padding: 0,
  } as Plot.ScaleOptions;
}

/** The gravest state that some cell has; missing only where all are, or some are and the rest is ok. */
export function worstState({ counts }: Pick<MatrixCell, "counts">): CellState {
  const grave = [...cellStates].reverse().filter((state) => state !== "missing");
  const found = grave.find((state) => state !== "ok" && counts[state] > 0);
  if (found !== undefined) return found;
  return counts.missing > 0 ? "missing" : "ok";
}

/** A mark for one cell; for several the mark and how many are ok. */
export function matrixText(cell: MatrixCell): string {
  const total = cellStates.reduce((sum, state) => sum + cell.counts[state], 0);
  const { glyph } = stateTiles[worstState(cell)];
  return total === 1 ? glyph : `${glyph} ${cell.counts.ok}/${total}`;
}

function describeCounts({ counts }: MatrixCell): string {
  const parts = cellStates.filter((state) => counts[state] > 0);
  return parts.map((state) => `${counts[state]} ${state}`).join(", ");
}
