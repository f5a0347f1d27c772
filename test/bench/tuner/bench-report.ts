/** Regrets in percent after each checkpoint, one entry a tune. */
export interface MethodRegrets {
  readonly method: string;
  readonly group: string;
  readonly regrets: readonly (readonly number[])[];
}

/** Median, mean, 95th percentile and maximum. */
export function summary(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const figures = [
    quantile(sorted, 0.5),
    mean,
    quantile(sorted, 0.95),
    sorted.at(-1) ?? Number.NaN,
  ];
  return figures.map((figure) => figure.toFixed(2)).join(" / ");
}

/** Linear interpolation between order statistics (type 7 of Hyndman and Fan). */
export function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

/** A Markdown table: one line a method and group. */
export function reportTable(results: readonly MethodRegrets[]): string {
  const lines = results.map(({ method, group, regrets }) => {
    const at = (checkpoint: number): string =>
      summary(regrets.map((ofTune) => ofTune[checkpoint] ?? Number.NaN));
    return `| ${group} | ${method} | ${regrets.length} | ${at(0)} | ${at(1)} |`;
  });
  return [
    "| tables | method | n | after 20 trials | after 40 trials |",
    "| --- | --- | --- | --- | --- |",
    ...lines,
  ].join("\n");
}
