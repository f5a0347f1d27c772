/** How fast something went: `count` of something in `seconds`. */
export interface Rate {
  readonly what: string;
  readonly count: number;
  readonly seconds: number;
  readonly perSecond: number;
}

/** Times one run of `work`, which does `count` of something. */
export async function timeRate(
  what: string,
  count: number,
  work: () => Promise<void> | void,
): Promise<Rate> {
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1_000;
  return { what, count, seconds, perSecond: count / seconds };
}

/** The median of several runs with the slowest and the fastest, as a row of a Markdown table. */
export function describeRates(rates: readonly Rate[]): string {
  const sorted = rates.map(({ perSecond }) => perSecond).sort((a, b) => a - b);
  const [first] = rates;
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const show = (perSecond: number | undefined): string => Math.round(perSecond ?? 0).toString();
  return `| ${first?.what} | ${first?.count} × ${rates.length} | ${show(middle)} | ${show(sorted[0])} … ${show(sorted.at(-1))} |`;
}

/** How much of another rate the first one reaches, round by round, as a row of a Markdown table. */
export function describeRatios(rates: readonly Rate[], others: readonly Rate[]): string {
  const ratios = rates
    .map(({ perSecond }, round) => perSecond / (others[round]?.perSecond ?? Number.NaN))
    .sort((a, b) => a - b);
  const show = (ratio: number | undefined): string => (ratio ?? Number.NaN).toPrecision(2);
  const middle = ratios[Math.floor(ratios.length / 2)];
  const what = `${rates[0]?.what} ÷ ${others[0]?.what}`;
  return `| ${what} | ${ratios.length} | ${show(middle)} | ${show(ratios[0])} … ${show(ratios.at(-1))} |`;
}
