import type { IntervalsChart, Value } from "../../figures/figure-spec.ts";
import { significant } from "../../report/numbers.ts";
import { type ScaledAxis, scaleAxis } from "../axes.ts";
import { markOf, nameColumn, plain } from "./text-lines.ts";

/** One row a name: the interval as a line, the value as a mark, guides as dots. */
export function intervalsText(chart: IntervalsChart, width: number): string[] {
  const values = chart.panels.flatMap(({ rows }) => rows.flatMap((row) => row.marks));
  const guides = chart.guides.filter(({ axis }) => axis === "x").map(({ at }) => at);
  const axis = scaleAxis(chart.x, [
    ...values.flatMap(({ value, low, high }) => [value, low, high]),
    ...guides,
  ]);
  return chart.panels.flatMap(({ title, rows }) => {
    const names = nameColumn(
      rows.map(({ label }) => label),
      Math.floor(width / 2.4),
    );
    const room = width - Array.from(names[0] ?? "").length - 9;
    return [
      "",
      ...(title === "" ? [] : [plain(title)]),
      ...rows.map(({ marks }, index) => {
        const line = drawRow(marks, guides, { axis, room });
        const value = marks[0] === undefined ? "" : significant(marks[0].value, 3);
        return `${names[index]} ${line} ${value}`;
      }),
      plain(chart.x.label),
    ];
  });
}

function drawRow(
  marks: readonly (Value & { readonly series: number })[],
  guides: readonly number[],
  { axis, room }: { axis: ScaledAxis; room: number },
): string {
  const [low, high] = axis.domain;
  const placeOf = (value: number): number => {
    const share =
      axis.type === "log"
        ? Math.log(value / low) / Math.log(high / low)
        : (value - low) / (high - low);
    return Math.round(share * (room - 1));
  };
  const line = Array.from({ length: room }, () => " ");
  const put = (place: number, mark: string): void => {
    if (place >= 0 && place < room) line[place] = mark;
  };
  for (const guide of guides) put(placeOf(guide), "┊");
  for (const { value, low: from, high: to, series } of marks) {
    if (from !== null && to !== null) {
      for (let place = placeOf(from); place <= placeOf(to); place++) put(place, "─");
    }
    put(placeOf(value), markOf(series));
  }
  return line.join("");
}
