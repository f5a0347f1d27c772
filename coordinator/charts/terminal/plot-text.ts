import type { Guide, LinesChart, ScatterChart, ValueAxis } from "../../figures/figure-spec.ts";
import { axisOfPanels, type ScaledAxis } from "../axes.ts";
import { tickLabel } from "../ticks.ts";
import { legendLines, markOf, plain } from "./text-lines.ts";

const height = 14;
const labelWidth = 8;

interface Mark {
  readonly x: number;
  readonly y: number;
  readonly mark: string;
}

export function linesText(chart: LinesChart, width: number): string[] {
  const xOf = axisOfPanels(chart.x, chart.panels, ({ lines, ideal }) => [
    ...lines.flatMap(({ points }) => points.map((point) => point.x)),
    ...(ideal ?? []).map((point) => point.x),
  ]);
  const yOf = axisOfPanels(chart.y, chart.panels, ({ lines, ideal }) => [
    ...lines.flatMap(({ points }) => points.map((point) => point.value)),
    ...(ideal ?? []).map((point) => point.y),
  ]);
  return [
    ...legendLines(chart.series, width),
    ...chart.panels.flatMap((panel) => {
      const marks = panel.lines.flatMap(({ series, points }) =>
        points.map(({ x, value, isVoid }) => ({
          x,
          y: value,
          mark: isVoid ? "!" : markOf(series),
        })),
      );
      const joined = chart.joined === false ? [] : panel.lines;
      const joins = joined.map(({ points }) =>
        points.filter(({ isVoid }) => !isVoid).map(({ x, value }) => ({ x, y: value })),
      );
      const ideal = panel.ideal === null ? [] : [panel.ideal];
      return plot(
        panel,
        { marks, paths: [...ideal, ...joins] },
        { chart, width, x: xOf(panel), y: yOf(panel) },
      );
    }),
  ];
}

export function scatterText(chart: ScatterChart, width: number): string[] {
  const xOf = axisOfPanels(chart.x, chart.panels, ({ points }) => points.map((point) => point.x));
  const yOf = axisOfPanels(chart.y, chart.panels, ({ points }) => points.map((point) => point.y));
  return [
    ...legendLines(chart.series, width),
    ...chart.panels.flatMap((panel) => {
      const marks = panel.points.map(({ x, y, series }) => ({ x, y, mark: markOf(series) }));
      return plot(
        panel,
        { marks, paths: [panel.path] },
        { chart, width, x: xOf(panel), y: yOf(panel) },
      );
    }),
  ];
}

interface Frame {
  readonly chart: { readonly x: ValueAxis; readonly y: ValueAxis };
  readonly width: number;
  readonly x: ScaledAxis;
  readonly y: ScaledAxis;
}

function plot(
  panel: { readonly title: string; readonly guides: readonly Guide[] },
  {
    marks,
    paths,
  }: {
    marks: readonly Mark[];
    paths: readonly (readonly { readonly x: number; readonly y: number }[])[];
  },
  { chart, width, x, y }: Frame,
): string[] {
  const columns = width - labelWidth - 2;
  const grid = Array.from({ length: height }, () => Array.from({ length: columns }, () => " "));
  const put = (column: number, row: number, mark: string): void => {
    const line = grid[row];
    if (line !== undefined && column >= 0 && column < columns) line[column] = mark;
  };
  const columnOf = (value: number): number => Math.round(share(x, value) * (columns - 1));
  const rowOf = (value: number): number => height - 1 - Math.round(share(y, value) * (height - 1));
  for (const { axis, at } of panel.guides) {
    if (axis === "x") for (let row = 0; row < height; row++) put(columnOf(at), row, "┊");
    else for (let column = 0; column < columns; column++) put(column, rowOf(at), "╌");
  }
  for (const path of paths) drawPath(path, { columnOf, rowOf, put });
  for (const { x: at, y: value, mark } of marks) put(columnOf(at), rowOf(value), mark);
  const labels = labelRows(y, rowOf);
  return [
    "",
    ...(panel.title === "" ? [] : [plain(panel.title)]),
    plain(chart.y.label),
    ...grid.map((line, row) => `${(labels.get(row) ?? "").padStart(labelWidth)} │${line.join("")}`),
    `${" ".repeat(labelWidth)} └${"─".repeat(columns)}`,
    " ".repeat(labelWidth + 2) + tickLine(x, columnOf, columns),
    " ".repeat(labelWidth + 2) + plain(chart.x.label),
  ];
}

function drawPath(
  path: readonly { readonly x: number; readonly y: number }[],
  to: {
    columnOf: (x: number) => number;
    rowOf: (y: number) => number;
    put: (column: number, row: number, mark: string) => void;
  },
): void {
  path.slice(1).forEach((end, index) => {
    const start = path[index] ?? end;
    const [x1, x2] = [to.columnOf(start.x), to.columnOf(end.x)];
    const [y1, y2] = [to.rowOf(start.y), to.rowOf(end.y)];
    const steps = Math.max(Math.abs(x2 - x1), Math.abs(y2 - y1), 1);
    for (let step = 0; step <= steps; step++) {
      const along = step / steps;
      to.put(Math.round(x1 + along * (x2 - x1)), Math.round(y1 + along * (y2 - y1)), "·");
    }
  });
}

function share({ domain: [low, high], type }: ScaledAxis, value: number): number {
  const part =
    type === "log" ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return Number.isFinite(part) ? part : -1;
}

function labelRows(axis: ScaledAxis, rowOf: (value: number) => number): Map<number, string> {
  return new Map(axis.ticks.map((tick) => [rowOf(tick), tickLabel(tick)]));
}

/** Labels below the axis, each where its tick is, as many as fit. */
function tickLine(axis: ScaledAxis, columnOf: (value: number) => number, columns: number): string {
  let line = "";
  for (const tick of axis.ticks) {
    const label = tickLabel(tick);
    const start = Math.min(columnOf(tick), columns - label.length);
    if (start < line.length + (line === "" ? 0 : 1)) continue;
    line = line.padEnd(start) + label;
  }
  return line;
}
