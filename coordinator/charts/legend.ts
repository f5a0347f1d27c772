import { type Chart, cellStates } from "../figures/figure-spec.ts";
import type { Canvas } from "./canvas.ts";
import { dashOf, symbols } from "./marks.ts";
import { stateTiles } from "./paint.ts";
import { fillOf } from "./patterns.ts";

export interface LegendEntry {
  readonly name: string;
  /** Markup of 26 by 14 pixels, without text from outside. */
  readonly swatch: string;
}

export const swatchSize = { width: 26, height: 14 } as const;

/** What the marks of a picture mean; empty where it has one series only. */
export function legendOf(chart: Chart, canvas: Canvas): LegendEntry[] {
  switch (chart.kind) {
    case "lines":
      return [
        ...named(chart.series, (series) =>
          chart.joined === false ? dotSwatch(series, canvas) : lineSwatch(series, canvas),
        ),
        ...(chart.panels.some(({ ideal }) => ideal !== null)
          ? [{ name: chart.idealName ?? "ideal", swatch: idealSwatch(canvas) }]
          : []),
      ];
    case "bars":
      return named(chart.series, (series) => barSwatch(series, canvas));
    case "scatter":
    case "intervals":
      return named(chart.series, (series) => dotSwatch(series, canvas));
    case "matrix":
      return cellStates
        .filter((state) => chart.cells.some(({ counts }) => counts[state] > 0))
        .map((state) => ({ name: state, swatch: tileSwatch(stateTiles[state]) }));
    case "heat":
    case "boxes":
      return [];
  }
}

function named(series: readonly string[], swatch: (series: number) => string): LegendEntry[] {
  if (series.length < 2) return [];
  return series.map((name, index) => ({ name, swatch: swatch(index) }));
}

/** Outlines of the symbols at the middle of a swatch, as d3-shape draws them at this size. */
const outlines: Readonly<Record<(typeof symbols)[number], string>> = {
  circle: "M17,7A4,4 0 1 1 9,7A4,4 0 1 1 17,7Z",
  square: "M9.5,3.5h7v7h-7Z",
  triangle: "M13,2.5L17.6,10.2L8.4,10.2Z",
  diamond: "M13,1.5L16.4,7L13,12.5L9.6,7Z",
  star: "M13,2L14.2,5.4L17.8,5.4L14.9,7.6L16,11L13,8.9L10,11L11.1,7.6L8.2,5.4L11.8,5.4Z",
  wye: "M11.6,8.3v4.6h2.8v-4.6l4,-2.3l-1.4,-2.4l-4,2.3l-4,-2.3l-1.4,2.4Z",
  plus: "M11.7,2.5h2.6v3.2h3.2v2.6h-3.2v3.2h-2.6v-3.2h-3.2v-2.6h3.2Z",
  hexagon: "M9,7L11,3.5H15L17,7L15,10.5H11Z",
};

function lineSwatch(series: number, canvas: Canvas): string {
  const dash = dashOf(series);
  const dashes = dash === undefined ? "" : ` stroke-dasharray="${dash}"`;
  return `<path d="M0,7H26" stroke="${canvas.paint.series(series)}" stroke-width="1.8"${dashes}/>${dotSwatch(series, canvas)}`;
}

function dotSwatch(series: number, { paint }: Canvas): string {
  const symbol = symbols[series % symbols.length] ?? "circle";
  return `<path d="${outlines[symbol]}" fill="${paint.series(series)}" stroke="${paint.surface}" stroke-width="0.6"/>`;
}

function barSwatch(series: number, canvas: Canvas): string {
  return `<rect x="3" y="1" width="20" height="12" fill="${fillOf(series, canvas)}"/>`;
}

function idealSwatch({ paint }: Canvas): string {
  return `<path d="M0,7H26" stroke="${paint.muted}" stroke-width="1.2" stroke-dasharray="7 4"/>`;
}

function tileSwatch({ fill, ink, glyph }: { fill: string; ink: string; glyph: string }): string {
  return `<rect x="4" y="0" width="18" height="14" fill="${fill}"/><text x="13" y="11" font-size="10" text-anchor="middle" fill="${ink}">${glyph}</text>`;
}
