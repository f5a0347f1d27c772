import * as Plot from "@observablehq/plot";
import type { BarsChart } from "../figures/figure-spec.ts";
import { significant } from "../report/numbers.ts";
import { axisOfPanels, labelsWidth, type ScaledAxis, upScale } from "./axes.ts";
import { type Canvas, type Drawing, type Frame, plotPanel } from "./canvas.ts";
import { gridMarks } from "./marks.ts";
import { fillOf } from "./patterns.ts";
import { textWidth, twoLines } from "./text-size.ts";

const barWidth = { least: 12, most: 34 } as const;
const clusterGap = 18;
const marginRight = 14;
const panelWidth = { least: 340, most: 700 } as const;
/** Narrower bars carry no number: it would run into its neighbour. */
const labelledBarWidth = 27;

export function drawBars(chart: BarsChart, canvas: Canvas): Drawing[] {
  const yOf = axisOfPanels(chart.y, chart.panels, ({ clusters }) =>
    clusters.flatMap(({ bars }) => bars.flatMap(({ value, low, high }) => [value, low, high])),
  );
  return chart.panels.map((panel) => drawPanel(panel, canvas, { chart, y: yOf(panel) }));
}

function drawPanel(
  panel: BarsChart["panels"][number],
  canvas: Canvas,
  { chart, y }: { chart: BarsChart; y: ScaledAxis },
): Drawing {
  const { clusters } = panel;
  const { frame, each } = frameOf(panel, chart, labelsWidth(y));
  const left = frame.marginLeft;
  const labelRoom = (frame.width - left) / Math.max(1, clusters.length) - 4;
  const data = toBars(panel, chart.series);
  return plotPanel(canvas, frame, {
    fx: {
      domain: clusters.map((_, index) => index),
      tickFormat: (index: number) => twoLines(clusters[index]?.label ?? "", labelRoom),
      label: null,
      padding: 0.12,
      axis: "bottom",
    },
    x: { axis: null, domain: chart.series.map((_, index) => index), padding: 0.06 },
    y: upScale(y),
    marks: [
      ...gridMarks(y.ticks, canvas),
      ...chart.series.map((_, series) =>
        Plot.barY(
          data.filter((bar) => bar.series === series),
          {
            fx: "cluster",
            x: "series",
            y: "value",
            fill: fillOf(series, canvas),
            title: "tooltip",
          },
        ),
      ),
      ...intervalMarks(data, canvas),
      ...(each >= labelledBarWidth && textWidth("0.123", 10) < each * 1.4
        ? [labelMark(data, canvas)]
        : []),
      Plot.ruleY([0], { stroke: canvas.paint.ink }),
    ],
  });
}

/** As wide as its bars need, and how wide each of them is. */
function frameOf(
  { title, clusters }: BarsChart["panels"][number],
  chart: BarsChart,
  marginLeft: number,
): { frame: Frame; each: number } {
  const places = Math.max(1, clusters.length * chart.series.length);
  const gaps = clusters.length * clusterGap;
  const room = panelWidth.most - marginLeft - marginRight - gaps;
  const each = Math.min(barWidth.most, Math.max(barWidth.least, room / places));
  const inner = each * places + gaps;
  const frame: Frame = {
    title,
    xLabel: "",
    yLabel: chart.y.label,
    width: Math.max(panelWidth.least, Math.ceil(marginLeft + marginRight + inner)),
    height: 280,
    marginLeft,
    marginBottom: 44,
    marginRight,
  };
  return { frame, each };
}

function toBars({ clusters }: BarsChart["panels"][number], series: readonly string[]) {
  return clusters.flatMap(({ label, bars }, cluster) =>
    bars
      .filter(({ value }) => Number.isFinite(value))
      .map((bar) => ({
        ...bar,
        cluster,
        tooltip: `${label}, ${series[bar.series] ?? ""}: ${significant(bar.value, 4)}`,
        text: significant(bar.value, 3),
      })),
  );
}

interface BarDatum {
  readonly low: number | null;
  readonly high: number | null;
}

function intervalMarks(data: readonly BarDatum[], { paint }: Canvas): Plot.Markish[] {
  const bounded = data.filter(({ low, high }) => low !== null && high !== null);
  const place = { fx: "cluster", x: "series", y1: "low", y2: "high" };
  return [
    Plot.ruleX(bounded, { ...place, stroke: paint.surface, strokeWidth: 4 }),
    Plot.ruleX(bounded, { ...place, stroke: paint.ink, strokeWidth: 1.6 }),
  ];
}

function labelMark(data: readonly BarDatum[], { paint }: Canvas): Plot.Markish {
  const top = (bar: BarDatum & { value?: number }): number =>
    Math.max(bar.high ?? 0, bar.value ?? 0);
  return Plot.text(data, {
    fx: "cluster",
    x: "series",
    y: top,
    text: "text",
    dy: -7,
    fontSize: 9.5,
    fill: paint.ink,
  });
}
