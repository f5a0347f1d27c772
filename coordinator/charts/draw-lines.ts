import * as Plot from "@observablehq/plot";
import type { LinePoint, LinesChart, LinesPanel } from "../figures/figure-spec.ts";
import { acrossScale, axisOfPanels, labelsWidth, type ScaledAxis, upScale } from "./axes.ts";
import { type Canvas, type Drawing, type Frame, plotPanel } from "./canvas.ts";
import { dashOf, gridMarks, guideMarks, symbolOf } from "./marks.ts";

/** More bands than these hide each other; whiskers take their place. */
const maxBands = 3;
/** Points that are all marked; beyond, a line is enough. */
const maxMarkedPoints = 24;

export function drawLines(chart: LinesChart, canvas: Canvas): Drawing[] {
  const xOf = axisOfPanels(chart.x, chart.panels, ({ lines, ideal }) => [
    ...lines.flatMap(({ points }) => points.map((point) => point.x)),
    ...(ideal ?? []).map((point) => point.x),
  ]);
  const yOf = axisOfPanels(chart.y, chart.panels, ({ lines, ideal, guides }) => [
    ...lines.flatMap(({ points }) => points.flatMap(({ value, low, high }) => [value, low, high])),
    ...(ideal ?? []).map((point) => point.y),
    ...guides.filter(({ axis }) => axis === "y").map(({ at }) => at),
  ]);
  return chart.panels.map((panel) =>
    drawPanel(panel, canvas, { chart, x: xOf(panel), y: yOf(panel) }),
  );
}

function drawPanel(
  panel: LinesPanel,
  canvas: Canvas,
  { chart, x, y }: { chart: LinesChart; x: ScaledAxis; y: ScaledAxis },
): Drawing {
  const frame: Frame = {
    title: panel.title,
    xLabel: chart.x.label,
    yLabel: chart.y.label,
    width: 340,
    height: 260,
    marginLeft: labelsWidth(y),
    marginBottom: 40,
    marginRight: 14,
  };
  const hasBands = panel.lines.length <= maxBands;
  return plotPanel(canvas, frame, {
    x: acrossScale(x, frame),
    y: upScale(y),
    clip: false,
    marks: [
      ...gridMarks(y.ticks, canvas),
      ...guideMarks(panel.guides, canvas),
      ...idealMarks(panel, canvas),
      ...panel.lines.flatMap(({ series, points }) =>
        lineMarks(series, points, {
          canvas,
          hasBands: hasBands && chart.joined !== false,
          isJoined: chart.joined !== false,
          name: chart.series[series] ?? "",
        }),
      ),
    ],
  });
}

function idealMarks({ ideal }: LinesPanel, { paint }: Canvas): Plot.Markish[] {
  if (ideal === null) return [];
  const style = { stroke: paint.muted, strokeWidth: 1.2, strokeDasharray: "7 4" };
  return [Plot.line(ideal, { x: "x", y: "y", ...style })];
}

function lineMarks(
  series: number,
  points: readonly LinePoint[],
  look: { canvas: Canvas; hasBands: boolean; isJoined: boolean; name: string },
): Plot.Markish[] {
  const { canvas, hasBands, isJoined, name } = look;
  const colour = canvas.paint.series(series);
  const used = points.filter(({ isVoid, value }) => !isVoid && Number.isFinite(value));
  const voids = points.filter(({ isVoid, value }) => isVoid && Number.isFinite(value));
  const bounded = used.filter(({ low, high }) => low !== null && high !== null);
  const band = { x: "x", y1: "low", y2: "high" };
  const interval =
    hasBands && bounded.length > 1
      ? [Plot.areaY(bounded, { ...band, fill: colour, fillOpacity: 0.18 })]
      : [];
  const whiskers = bounded.length > maxMarkedPoints ? [] : bounded;
  const dash = dashOf(series);
  const title = (point: LinePoint): string => describePoint(name, point);
  return [
    ...interval,
    Plot.ruleX(whiskers, { ...band, stroke: colour, strokeWidth: 1.2 }),
    Plot.line(isJoined ? used : [], {
      x: "x",
      y: "value",
      stroke: colour,
      strokeWidth: 1.8,
      ...(dash === undefined ? {} : { strokeDasharray: dash }),
    }),
    Plot.dot(used.length > maxMarkedPoints ? [] : used, {
      x: "x",
      y: "value",
      symbol: symbolOf(series),
      fill: colour,
      stroke: canvas.paint.surface,
      strokeWidth: 0.8,
      r: 3.8,
      title,
    }),
    Plot.dot(voids, { x: "x", y: "value", symbol: "times", stroke: colour, r: 4, title }),
  ];
}

function describePoint(name: string, { x, value, low, high, isVoid }: LinePoint): string {
  const digits = (number: number): string => String(Number(number.toPrecision(4)));
  const interval = low === null || high === null ? "" : ` (${digits(low)} to ${digits(high)})`;
  return `${name === "" ? "" : `${name}, `}${digits(x)}: ${digits(value)}${interval}${isVoid ? ", invalid" : ""}`;
}
