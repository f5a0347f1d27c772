import * as Plot from "@observablehq/plot";
import type { BoxesChart } from "../figures/figure-spec.ts";
import { significant } from "../report/numbers.ts";
import { acrossScale, scaleAxis } from "./axes.ts";
import { type Canvas, type Drawing, type Frame, fontSize, marginTop, plotPanel } from "./canvas.ts";
import { elide, textWidth } from "./text-size.ts";

const rowHeight = 20;
const maxLabelWidth = 360;

export function drawBoxes(chart: BoxesChart, canvas: Canvas): Drawing[] {
  const { rows } = chart;
  const longest = Math.max(40, ...rows.map(({ label }) => textWidth(label, fontSize)));
  const left = Math.min(maxLabelWidth, longest) + 12;
  const frame: Frame = {
    title: "",
    xLabel: chart.x.label,
    yLabel: "",
    width: 900,
    height: marginTop - 20 + 42 + rows.length * rowHeight,
    marginLeft: left,
    marginBottom: 42,
    marginRight: 76,
  };
  const x = scaleAxis(
    chart.x,
    rows.flatMap(({ box }) => [box.min, box.max]),
  );
  return [
    plotPanel(canvas, frame, {
      x: acrossScale(x, frame),
      y: {
        type: "band",
        domain: rows.map((_, index) => index),
        tickFormat: (index: number) => elide(rows[index]?.label ?? "", left - 12, fontSize),
        tickSize: 0,
        label: null,
      },
      marks: boxMarks(rows, x.ticks, canvas),
    }),
  ];
}

function boxMarks(
  rows: BoxesChart["rows"],
  ticks: readonly number[],
  { paint }: Canvas,
): Plot.Markish[] {
  const data = toData(rows);
  const rule = { y: "row", stroke: paint.series(0) };
  return [
    Plot.gridX([...ticks], { stroke: paint.grid, strokeOpacity: 1 }),
    Plot.ruleY(data, {
      ...rule,
      x1: "min",
      x2: "max",
      strokeOpacity: 0.45,
      strokeDasharray: "1 2",
    }),
    Plot.ruleY(data, { ...rule, x1: "p5", x2: "p95", strokeWidth: 1.4 }),
    Plot.barX(data, {
      y: "row",
      x1: "p25",
      x2: "p75",
      fill: paint.series(0),
      fillOpacity: 0.45,
      insetTop: 4,
      insetBottom: 4,
      title: "tooltip",
    }),
    Plot.tickX(data, {
      y: "row",
      x: "p50",
      stroke: paint.ink,
      strokeWidth: 2,
      insetTop: 2,
      insetBottom: 2,
    }),
    Plot.text(data, {
      y: "row",
      text: "value",
      frameAnchor: "right",
      dx: 70,
      textAnchor: "end",
      fill: paint.ink,
    }),
    Plot.dot(data, { y: "row", x: "max", symbol: "times", stroke: paint.series(0), r: 2.6 }),
  ];
}

function toData(rows: BoxesChart["rows"]) {
  return rows.map(({ label, box, value }, row) => ({
    value,
    ...box,
    row,
    tooltip: `${label}: median ${significant(box.p50, 4)}, 5th to 95th percentile ${significant(box.p5, 4)} to ${significant(box.p95, 4)}`,
  }));
}
