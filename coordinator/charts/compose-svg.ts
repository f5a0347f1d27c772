import type { FigureSpec } from "../figures/figure-spec.ts";
import { type Canvas, type Drawing, fontSize } from "./canvas.ts";
import { drawChart } from "./draw-chart.ts";
import { escapeMarkup } from "./escape.ts";
import { legendOf, swatchSize } from "./legend.ts";
import { filePaint, seriesCount } from "./paint.ts";
import { patternDefs } from "./patterns.ts";
import { textWidth, wrapPixels } from "./text-size.ts";

const margin = 20;
const gap = 16;
/** Wide enough for three panels; what is wider makes the picture wider. */
const wantedWidth = 1_060;
const minWidth = 560;

interface Block {
  readonly height: number;
  readonly markup: string;
}

/** A picture as one SVG file: title, finding, legend, panels and notes, without any reference outside. */
export function composeSvg(spec: FigureSpec, idPrefix: string): string {
  const canvas: Canvas = { paint: filePaint, idPrefix };
  const drawings = drawChart(spec.chart, canvas);
  const inner = chooseWidth(drawings);
  const blocks = [
    textBlock([spec.title], inner, { size: 16, weight: 600 }),
    textBlock([spec.says], inner, { size: 12.5 }),
    legendBlock(spec, canvas, inner),
    panelsBlock(drawings, inner),
    textBlock(spec.notes, inner, { size: 10.5, fill: filePaint.muted }),
  ].filter(({ height }) => height > 0);
  let y = margin;
  const placed = blocks.map(({ height, markup }) => {
    const at = y;
    y += height + 10;
    return `<g transform="translate(${margin},${at})">${markup}</g>`;
  });
  const width = inner + 2 * margin;
  const height = Math.ceil(y - 10 + margin);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="'DejaVu Sans', system-ui, sans-serif" font-size="${fontSize}" role="img" aria-labelledby="${idPrefix}-title ${idPrefix}-desc">`,
    `<title id="${idPrefix}-title">${escapeMarkup(spec.title)}</title>`,
    `<desc id="${idPrefix}-desc">${escapeMarkup(spec.says)}</desc>`,
    patternDefs(seriesCount, canvas),
    `<rect width="100%" height="100%" fill="${filePaint.surface}"/>`,
    ...placed,
    "</svg>\n",
  ].join("\n");
}

/** As many panels side by side as fit. */
function chooseWidth(drawings: readonly Drawing[]): number {
  const widest = Math.max(minWidth, ...drawings.map(({ width }) => width));
  const perRow = Math.max(1, Math.floor((wantedWidth + gap) / (widestPanel(drawings) + gap)));
  const count = Math.min(perRow, drawings.length);
  return Math.max(widest, count * (widestPanel(drawings) + gap) - gap);
}

function widestPanel(drawings: readonly Drawing[]): number {
  return Math.max(1, ...drawings.map(({ width }) => width));
}

function textBlock(
  texts: readonly string[],
  width: number,
  { size, weight = 400, fill = filePaint.ink }: { size: number; weight?: number; fill?: string },
): Block {
  const lines = texts.flatMap((text) => wrapPixels(text, width, size));
  const step = size * 1.4;
  const spans = lines.map(
    (line, index) => `<text y="${Math.round(size + index * step)}">${escapeMarkup(line)}</text>`,
  );
  return {
    height: Math.ceil(lines.length * step),
    markup: `<g font-size="${size}" font-weight="${weight}" fill="${fill}">${spans.join("")}</g>`,
  };
}

function legendBlock(spec: FigureSpec, canvas: Canvas, width: number): Block {
  const { chart } = spec;
  const scale = chart.kind === "heat" ? [`Colour: ${chart.scaleLabel}.`] : [];
  if (scale.length > 0) return textBlock(scale, width, { size: 11 });
  let x = 0;
  let y = 0;
  const parts = legendOf(chart, canvas).map(({ name, swatch }) => {
    const size = swatchSize.width + 6 + textWidth(name, fontSize) + 18;
    if (x > 0 && x + size > width) {
      x = 0;
      y += 20;
    }
    const at = x;
    x += size;
    return `<g transform="translate(${Math.round(at)},${y})">${swatch}<text x="${swatchSize.width + 6}" y="11" fill="${filePaint.ink}">${escapeMarkup(name)}</text></g>`;
  });
  return { height: parts.length === 0 ? 0 : y + 16, markup: parts.join("") };
}

function panelsBlock(drawings: readonly Drawing[], width: number): Block {
  let x = 0;
  let y = 0;
  let rowHeight = 0;
  const parts = drawings.map((drawing) => {
    if (x > 0 && x + drawing.width > width) {
      x = 0;
      y += rowHeight + gap;
      rowHeight = 0;
    }
    const markup = drawing.svg.replace("<svg ", `<svg x="${x}" y="${y}" `);
    x += drawing.width + gap;
    rowHeight = Math.max(rowHeight, drawing.height);
    return markup;
  });
  return { height: y + rowHeight, markup: parts.join("\n") };
}
