import * as Plot from "@observablehq/plot";
import type { ScatterChart, ScatterPoint } from "../figures/figure-spec.ts";
import { significant } from "../report/numbers.ts";
import { acrossScale, axisOfPanels, labelsWidth, type ScaledAxis, upScale } from "./axes.ts";
import { type Canvas, type Drawing, type Frame, plotPanel } from "./canvas.ts";
import { gridMarks, guideMarks, symbolOf } from "./marks.ts";
import { textWidth } from "./text-size.ts";

const labelSize = 9.5;

export function drawScatter(chart: ScatterChart, canvas: Canvas): Drawing[] {
  const xOf = axisOfPanels(chart.x, chart.panels, ({ points }) =>
    points.flatMap(({ x, bounds }) => [x, ...(bounds?.x ?? [])]),
  );
  const yOf = axisOfPanels(chart.y, chart.panels, ({ points }) =>
    points.flatMap(({ y, bounds }) => [y, ...(bounds?.y ?? [])]),
  );
  return chart.panels.map((panel) =>
    drawPanel(panel, canvas, { chart, x: xOf(panel), y: yOf(panel) }),
  );
}

function drawPanel(
  panel: ScatterChart["panels"][number],
  canvas: Canvas,
  { chart, x, y }: { chart: ScatterChart; x: ScaledAxis; y: ScaledAxis },
): Drawing {
  const alone = chart.panels.length === 1;
  const frame: Frame = {
    title: panel.title,
    xLabel: chart.x.label,
    yLabel: chart.y.label,
    width: alone ? 700 : 340,
    height: 280,
    marginLeft: labelsWidth(y),
    marginBottom: 40,
    marginRight: 26,
  };
  return plotPanel(canvas, frame, {
    x: acrossScale(x, frame),
    y: upScale(y),
    marks: [
      ...gridMarks(y.ticks, canvas),
      ...guideMarks(panel.guides, canvas),
      ...pointMarks(panel, chart.series, canvas),
      ...labelMarks(withoutOverlaps(panel.points, { x, y, frame }), canvas),
    ],
  });
}

function pointMarks(
  panel: ScatterChart["panels"][number],
  series: readonly string[],
  { paint }: Canvas,
): Plot.Markish[] {
  const points = panel.points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  const dense = points.length > 150;
  const tooltip = ({ name, x, y }: ScatterPoint): string =>
    `${name}: ${significant(x, 4)}, ${significant(y, 4)}`;
  return [
    ...(dense ? [] : points.flatMap((point) => whiskerMarks(point, paint.series(point.series)))),
    ...series.map((_, index) =>
      Plot.dot(
        points.filter((point) => point.series === index),
        {
          x: "x",
          y: "y",
          symbol: symbolOf(index),
          fill: paint.series(index),
          fillOpacity: dense ? 0.55 : 0.9,
          r: dense ? 2.2 : 4,
          ...(dense ? {} : { title: tooltip }),
        },
      ),
    ),
    Plot.line(panel.path, { x: "x", y: "y", stroke: paint.ink, strokeWidth: 1.4 }),
  ];
}

function whiskerMarks({ x, y, bounds }: ScatterPoint, stroke: string): Plot.Markish[] {
  const style = { stroke, strokeWidth: 1, strokeOpacity: 0.7 };
  const [across, up] = [bounds?.x ?? null, bounds?.y ?? null];
  return [
    ...(across === null ? [] : [Plot.ruleY([y], { x1: across[0], x2: across[1], ...style })]),
    ...(up === null ? [] : [Plot.ruleX([x], { y1: up[0], y2: up[1], ...style })]),
  ];
}

interface PlacedLabel extends ScatterPoint {
  /** On the left of its point, unless it would lie on the axis there. */
  readonly isLeft: boolean;
}

function labelMarks(labels: readonly PlacedLabel[], { paint }: Canvas): Plot.Markish[] {
  return [true, false].map((side) =>
    Plot.text(
      labels.filter(({ isLeft }) => isLeft === side),
      {
        x: "x",
        y: "y",
        text: "label",
        dy: -5,
        dx: side ? -8 : 8,
        textAnchor: side ? "end" : "start",
        fontSize: labelSize,
        fill: paint.ink,
        stroke: paint.surface,
        strokeWidth: 3,
      },
    ),
  );
}

/** Labels in the order of the points, each where it touches no earlier one. */
function withoutOverlaps(
  points: readonly ScatterPoint[],
  { x, y, frame }: { x: ScaledAxis; y: ScaledAxis; frame: Frame },
): readonly PlacedLabel[] {
  const share = ({ domain: [low, high], type }: ScaledAxis, value: number): number =>
    type === "log" ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  const taken: { left: number; right: number; y: number }[] = [];
  return points.flatMap((point): PlacedLabel[] => {
    if (point.label === "") return [];
    const width = textWidth(point.label, labelSize);
    const middle = share(x, point.x) * (frame.width - frame.marginLeft - frame.marginRight);
    const isLeft = middle - width - 8 > 0;
    const box = {
      left: isLeft ? middle - width - 8 : middle + 8,
      right: isLeft ? middle - 8 : middle + width + 8,
      y: share(y, point.y) * (frame.height - 84),
    };
    const touches = taken.some(
      (other) =>
        other.left < box.right + 4 && box.left < other.right + 4 && Math.abs(other.y - box.y) < 12,
    );
    if (touches) return [];
    taken.push(box);
    return [{ ...point, isLeft }];
  });
}
