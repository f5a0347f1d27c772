import type { BoxesChart } from "../../figures/figure-spec.ts";
import { scaleAxis } from "../axes.ts";
import { tickLabel } from "../ticks.ts";
import { nameColumn, plain } from "./text-lines.ts";

const valueWidth = 10;

/** `·───▒▒█▒▒───·` a row: ends, 5th to 95th percentile, middle half, median. */
export function boxesText(chart: BoxesChart, width: number): string[] {
  const { rows } = chart;
  const { domain } = scaleAxis(
    chart.x,
    rows.flatMap(({ box }) => [box.min, box.max]),
  );
  const names = nameColumn(
    rows.map(({ label }) => label),
    Math.floor(width / 2.4),
  );
  const nameWidth = Array.from(names[0] ?? "").length;
  const room = width - nameWidth - valueWidth - 2;
  const placeOf = (value: number): number =>
    Math.round((Math.log(value / domain[0]) / Math.log(domain[1] / domain[0])) * (room - 1));
  const lines = rows.map(({ box, value }, index) => {
    const line = Array.from({ length: room }, () => " ");
    const fill = (from: number, to: number, mark: string): void => {
      for (let place = placeOf(from); place <= placeOf(to); place++) line[place] = mark;
    };
    fill(box.p5, box.p95, "─");
    fill(box.p25, box.p75, "▒");
    for (const end of [box.min, box.max]) line[placeOf(end)] = "·";
    line[placeOf(box.p50)] = "█";
    return `${names[index]} ${line.join("")} ${plain(value).padStart(valueWidth)}`;
  });
  const ends = tickLabel(Number(domain[0].toPrecision(2)));
  const last = tickLabel(Number(domain[1].toPrecision(3)));
  const scale = `${" ".repeat(nameWidth + 1)}${ends}${last.padStart(room - ends.length)}`;
  return [...lines, scale, plain(chart.x.label)];
}
