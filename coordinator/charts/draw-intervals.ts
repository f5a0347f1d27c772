import * as Plot from "@observablehq/plot";
import type { IntervalsChart } from "../figures/figure-spec.ts";
import { significant } from "../report/numbers.ts";
import { acrossScale, type ScaledAxis, scaleAxis } from "./axes.ts";
import { type Canvas, type Drawing, type Frame, fontSize, marginTop, plotPanel } from "./canvas.ts";
import { guideMarks, symbolOf } from "./marks.ts";
import { elide, textWidth } from "./text-size.ts";

const width = 860;
const rowHeight = 20;
const labelWidth = { least: 60, most: 400 } as const;

export function drawIntervals(chart: IntervalsChart, canvas: Canvas): Drawing[] {
  const marks = chart.panels.flatMap(({ rows }) => rows.flatMap((row) => row.marks));
  const x = scaleAxis(chart.x, [
    ...marks.flatMap(({ value, low, high }) => [value, low, high]),
    ...chart.guides.filter(({ axis }) => axis === "x").map(({ at }) => at),
  ]);
  return chart.panels.map((panel) => drawPanel(panel, canvas, { chart, x }));
}

function drawPanel(
  panel: IntervalsChart["panels"][number],
  canvas: Canvas,
  { chart, x }: { chart: IntervalsChart; x: ScaledAxis },
): Drawing {
  const longest = Math.max(0, ...panel.rows.map(({ label }) => textWidth(label, fontSize)));
  const left = Math.min(labelWidth.most, Math.max(labelWidth.least, longest)) + 12;
  const frame: Frame = {
    title: panel.title,
    xLabel: chart.x.label,
    yLabel: "",
    width,
    height: marginTop + 42 + Math.max(1, panel.rows.length) * rowHeight,
    marginLeft: left,
    marginBottom: 42,
    marginRight: 62,
  };
  return plotPanel(canvas, frame, {
    x: acrossScale(x, frame),
    y: {
      type: "band",
      domain: panel.rows.map((_, index) => index),
      tickFormat: (index: number) => elide(panel.rows[index]?.label ?? "", left - 12, fontSize),
      tickSize: 0,
      label: null,
    },
    marks: [
      Plot.gridX([...x.ticks], { stroke: canvas.paint.grid, strokeOpacity: 1 }),
      ...guideMarks(chart.guides, canvas),
      ...valueMarks(panel, canvas),
    ],
    color: { type: "identity" },
    symbol: { type: "identity" } as Plot.ScaleOptions,
  });
}

function valueMarks(panel: IntervalsChart["panels"][number], { paint }: Canvas): Plot.Markish[] {
  const data = panel.rows.flatMap(({ label, marks }, row) =>
    marks
      .filter(({ value }) => Number.isFinite(value))
      .map((mark) => ({ ...mark, row, tooltip: `${label}: ${significant(mark.value, 4)}` })),
  );
  const bounded = data.filter(({ low, high }) => low !== null && high !== null);
  return [
    Plot.ruleY(bounded, {
      y: "row",
      x1: "low",
      x2: "high",
      stroke: (mark: { series: number }) => paint.series(mark.series),
      strokeWidth: 1.8,
    }),
    Plot.dot(data, {
      x: "value",
      y: "row",
      symbol: (mark: { series: number }) => symbolOf(mark.series),
      fill: (mark: { series: number }) => paint.series(mark.series),
      r: 4,
      title: "tooltip",
    }),
    Plot.text(data, {
      y: "row",
      text: (mark: { value: number }) => significant(mark.value, 3),
      frameAnchor: "right",
      dx: 52,
      textAnchor: "end",
      fill: paint.ink,
    }),
  ];
}
