/** Under this, and in stretches of less than a tenth of it, seconds matter. */
const hourMs = 3_600_000;

/** `from 2 min 5 s to 2 min 48 s`, `from 3 h 20 min to 5 h 2 min`: the two ends are never told by the same words. */
export function describeStretch(fromMs: number, toMs: number): string {
  const precise = toMs < hourMs || toMs - fromMs < hourMs / 10;
  return `from ${describeTime(fromMs, precise)} to ${describeTime(toMs, precise)}`;
}

/** A length of time in hours, minutes and, where they matter, seconds; what is 0 is left out. */
export function describeTime(ms: number, precise = ms < hourMs): string {
  const seconds = Math.round(ms / 1_000);
  const whole = precise ? seconds : 60 * Math.round(seconds / 60);
  const parts = [
    [Math.floor(whole / 3_600), "h"],
    [Math.floor((whole % 3_600) / 60), "min"],
    [whole % 60, "s"],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return said.length === 0 ? "0 s" : said.join(" ");
}

/** A difference of logarithms of times, with its interval: `3.1 % (2 to 4.2 %) longer`, `5 % less long`. */
export function describeShift(
  log: number,
  reach: { readonly low: number; readonly high: number } | null,
): string {
  const sign = log < 0 ? -1 : 1;
  const percent = (value: number): string =>
    `${Number((sign * 100 * Math.expm1(value)).toPrecision(2))}`;
  const ends = reach === null ? [] : [reach.low, reach.high].map(percent);
  if (sign < 0) ends.reverse();
  const interval = ends.length === 0 ? "" : ` (${ends.join(" to ")} %)`;
  return `${percent(log)} %${interval} ${sign < 0 ? "less long" : "longer"}`;
}
