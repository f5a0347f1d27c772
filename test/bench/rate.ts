/** How fast something went: `count` of something in `seconds`. */
export interface Rate {
  readonly what: string;
  readonly count: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** CPU time of this process for one of them; what other processes spend is not in it. */
  readonly cpuMicroseconds: number;
}

/** Times one run of `work`, which does `count` of something. */
export async function timeRate(
  what: string,
  count: number,
  work: () => Promise<void> | void,
): Promise<Rate> {
  const start = performance.now();
  const cpuStart = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(cpuStart);
  const seconds = (performance.now() - start) / 1_000;
  const cpuMicroseconds = (user + system) / count;
  return { what, count, seconds, perSecond: count / seconds, cpuMicroseconds };
}

/** The median of several runs with the slowest and the fastest, as a row of a Markdown table. */
export function describeRates(rates: readonly Rate[]): string {
  const [first] = rates;
  const perSecond = describeSpread(rates.map((rate) => rate.perSecond));
  const cpu = describeSpread(rates.map((rate) => rate.cpuMicroseconds));
  return `| ${first?.what} | ${first?.count} × ${rates.length} | ${perSecond} | ${cpu} |`;
}

function describeSpread(values: readonly number[]): string {
  const sorted = values.map(Math.round).sort((a, b) => a - b);
  return `${sorted[Math.floor(sorted.length / 2)]} (${sorted[0]} to ${sorted.at(-1)})`;
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
