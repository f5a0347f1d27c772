import type { BarsChart } from "../../figures/figure-spec.ts";
import { significant } from "../../report/numbers.ts";
import { bar, nameColumn, plain } from "./text-lines.ts";

const valueWidth = 24;

/** Lying bars, each with its value and interval. */
export function barsText(chart: BarsChart, width: number): string[] {
  return chart.panels.flatMap(({ title, clusters }) => {
    const flat = clusters.flatMap(({ label, bars }) =>
      bars.map((one) => ({ ...one, name: `${label} ${chart.series[one.series] ?? ""}` })),
    );
    const most = Math.max(...flat.map(({ value }) => value));
    const names = nameColumn(
      flat.map(({ name }) => name),
      Math.floor(width / 2.6),
    );
    const room = width - (names[0]?.length ?? 0) - valueWidth - 2;
    return [
      "",
      ...(title === "" ? [] : [plain(title)]),
      plain(chart.y.label),
      ...flat.map(({ value, low, high }, index) => {
        const length = Number.isFinite(value / most) ? (value / most) * room : 0;
        const interval =
          low === null || high === null ? "" : ` (${significant(low, 3)}–${significant(high, 3)})`;
        return `${names[index]} ${bar(length)} ${significant(value, 3)}${interval}`;
      }),
    ];
  });
}
