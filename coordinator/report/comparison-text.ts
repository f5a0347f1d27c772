import type { Cell } from "../../shared/domain/cell.ts";
import { countOf } from "../../shared/domain/text-layout.ts";
import type { CanaryRatio, ComparedCell, Comparison, SideSummary } from "../analysis/comparison.ts";
import type { Metric } from "../analysis/metric.ts";
import { showAxisValue } from "../analysis/report.ts";
import { splitAxes } from "../analysis/split-axes.ts";
import { toCsv } from "./csv.ts";
import { absent, chooseTimeUnit, significant } from "./numbers.ts";
import { showFigure } from "./show-metric.ts";
import { toSnakeCase } from "./snake-case.ts";
import { layOutTable, type TextColumn, wrapText } from "./text-table.ts";

/** Renders a comparison; `width` is that of the terminal in characters. */
export type RenderComparison = (comparison: Comparison, width: number) => string;

/** Every form of a comparison by the name that `-o` takes. */
export const comparisonFormats: Readonly<Record<"table" | "json" | "csv", RenderComparison>> = {
  table: renderTable,
  json: (comparison) => `${JSON.stringify(toSnakeCase(comparison), null, 2)}\n`,
  csv: renderCsv,
};

/** What the table for people shows; the other formats have all. */
const limits = { cells: 40, canaries: 4, labelWidth: 13, digits: 4, ratioDigits: 3 } as const;

function renderTable(comparison: Comparison, width: number): string {
  const line = (label: string, text: string): string[] =>
    wrapText(text, width - limits.labelWidth).map(
      (part, index) => (index === 0 ? label : "").padEnd(limits.labelWidth) + part,
    );
  const { cells, counts, mean, margin, falseDiscoveryRate, onlyA, onlyB } = comparison;
  const shown = cells.slice(0, limits.cells);
  const hidden = cells.length - shown.length;
  const others = [`${countOf(onlyA, "cell")} only in A`, `${onlyB} only in B`];
  const rate = `${100 * falseDiscoveryRate} %`;
  const lines = [
    ...line("outcome", comparison.outcome),
    ...line("A", describeSide(comparison.a)),
    ...line("B", describeSide(comparison.b)),
    ...line(
      "cells",
      `${counts.regressed} regressed, ${counts.improved} improved, ${counts.same} the same, ${counts.inconclusive} inconclusive; ${others.join(", ")}`,
    ),
    ...line("ratio", `B over A for ${comparison.objective}, above 1 is worse: ${describe(mean)}`),
    ...line(
      "rules",
      `a change lies with its 95 % interval beyond ±${Number((100 * margin).toPrecision(3))} %, and at most ${rate} of the changes are false (Benjamini-Hochberg)`,
    ),
    ...canaryRows(comparison).flatMap((text) => line("canary", text)),
    ...(shown.length === 0 ? [] : ["", ...layOutTable(cellColumns(comparison, shown), width)]),
    ...(hidden > 0 ? ["", ...line("", `${countOf(hidden, "more cell")}, see -o csv or json`)] : []),
    ...meanLines(comparison, line),
  ];
  return `${lines.join("\n")}\n`;
}

/** Those that moved most; where they moved as much as the cells did, the hosts did. */
function canaryRows({ canaries }: Comparison): readonly string[] {
  const distance = ({ ratio }: CanaryRatio): number =>
    ratio.value === null ? 0 : Math.abs(Math.log(ratio.value));
  const shown = canaries.toSorted((x, y) => distance(y) - distance(x)).slice(0, limits.canaries);
  const hidden = canaries.length - shown.length;
  return [
    ...shown.map(
      ({ hostId, ratio }) =>
        `${hostId}: B over A ${showFigure(ratio)}, a change of the host itself`,
    ),
    ...(hidden > 0 ? [`${hidden} more, which moved less`] : []),
  ];
}

function describeSide({ label, name, hostIds, versions }: SideSummary): string {
  const hosts = hostIds.length > 3 ? `${hostIds.length} hosts` : hostIds.join(", ");
  return [label, name, hosts, versions.join(", ")].filter((part) => part !== "").join("; ");
}

function describe(metric: Metric): string {
  if (metric.value === null) return `none: ${metric.reason}`;
  const show = (value: number | null): string =>
    value === null ? absent : significant(value, limits.digits);
  return `${show(metric.value)} (${show(metric.low)} to ${show(metric.high)}), geometric mean of ${countOf(metric.n, "cell")}`;
}

function cellColumns(
  { objective, cells }: Comparison,
  shown: readonly ComparedCell[],
): readonly TextColumn[] {
  const unit = chooseTimeUnit(cells.flatMap(({ a, b }) => [a.value ?? 1, b.value ?? 1]));
  const scale = objective === "latency" ? unit.ns : 1;
  const [name, suffix] = objective === "latency" ? ["ms", unit.name] : ["samples", "/s"];
  const figure = (header: readonly string[], show: (cell: ComparedCell) => string): TextColumn => ({
    header,
    align: "right",
    key: false,
    cells: shown.map(show),
  });
  const value = (metric: Metric): string =>
    metric.value === null ? absent : significant(metric.value / scale, limits.digits);
  const ratio =
    (read: (cell: ComparedCell) => number | null): ((cell: ComparedCell) => string) =>
    (cell) => {
      const found = read(cell);
      return found === null ? absent : significant(found, limits.ratioDigits);
    };
  const header = objective === "latency" ? [suffix] : [name, suffix];
  return [
    ...keyColumns(shown),
    figure(["A", ...header], ({ a }) => value(a)),
    figure(["B", ...header], ({ b }) => value(b)),
    figure(
      ["B/A"],
      ratio(({ ratio: found }) => found.value),
    ),
    figure(
      ["from"],
      ratio(({ ratio: found }) => lowOf(found)),
    ),
    figure(
      ["to"],
      ratio(({ ratio: found }) => highOf(found)),
    ),
    figure(
      ["q"],
      ratio(({ q }) => q),
    ),
    { ...figure(["change"], ({ change }) => change), align: "left" },
  ];
}

function lowOf(metric: Metric): number | null {
  return metric.value === null ? null : metric.low;
}

function highOf(metric: Metric): number | null {
  return metric.value === null ? null : metric.high;
}

function keyColumns(cells: readonly ComparedCell[]): readonly TextColumn[] {
  const { varying } = splitAxes(cells.map(({ cell }) => cell));
  const hosts = new Set(cells.map(({ hostId }) => hostId));
  const key = (header: readonly string[], texts: readonly string[]): TextColumn => ({
    header,
    align: "left",
    key: true,
    cells: texts,
  });
  return [
    ...(hosts.size > 1
      ? [
          key(
            ["host"],
            cells.map(({ hostId }) => hostId ?? ""),
          ),
        ]
      : []),
    ...varying.map((name) =>
      key(
        name.split("_"),
        cells.map(({ cell }) => showAxis(cell, name)),
      ),
    ),
  ];
}

function showAxis(cell: Cell, name: string): string {
  const value = cell[name];
  return value === undefined ? absent : showAxisValue(value);
}

function meanLines(
  { means }: Comparison,
  line: (label: string, text: string) => string[],
): string[] {
  if (means.length === 0) return [];
  const axes = [...new Set(means.map(({ axis }) => axis))];
  return [
    "",
    ...axes.flatMap((axis) => {
      const own = means.filter((mean) => mean.axis === axis);
      const texts = own.map(({ value, ratio }) => {
        const shown = ratio.value === null ? absent : significant(ratio.value, limits.digits);
        return `${value}: ${shown}`;
      });
      return line("mean by", `${axis}: ${texts.join(", ")}`);
    }),
  ];
}

function renderCsv({ cells, objective }: Comparison): string {
  const axes = [...new Set(cells.flatMap(({ cell }) => Object.keys(cell)))];
  const figures = "objective unit a b ratio ratio_low ratio_high n paired p q change".split(" ");
  const header = ["host", "cell_id_a", "cell_id_b", ...axes, ...figures];
  const rows = cells.map(({ hostId, cellIds, cell, a, b, ratio, paired, p, q, change }) => [
    hostId,
    ...cellIds,
    ...axes.map((axis) => cell[axis] ?? null),
    objective,
    a.unit,
    a.value,
    b.value,
    ratio.value,
    lowOf(ratio),
    highOf(ratio),
    ratio.value === null ? null : ratio.n,
    paired,
    p,
    q,
    change,
  ]);
  return toCsv([header, ...rows]);
}
