import { significant } from "../report/numbers.ts";
import { textWidth } from "./text-size.ts";

export const tickSizePx = 11;
const wantedTicks = 5;

/** From the least to the greatest of the numbers that can stand on the axis; null where none can. */
export function extentOf(
  values: Iterable<number | null>,
  scale: "linear" | "log",
): readonly [number, number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === null || !Number.isFinite(value) || (scale === "log" && value <= 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low > high ? null : [low, high];
}

/** The extent with some room on both sides; a single value gets an axis around it. */
export function padExtent(
  [low, high]: readonly [number, number],
  scale: "linear" | "log",
): [number, number] {
  if (scale === "log") {
    const room = Math.max((high / low) ** 0.06, 1.02);
    return [low / room, high * room];
  }
  const room = high > low ? (high - low) * 0.06 : Math.abs(high) * 0.1 || 1;
  return [low - room, high + room];
}

/** Round numbers of an axis: 1, 2, 5 of each decade over a wide logarithmic one, else equal steps. */
export function roundTicks(low: number, high: number, scale: "linear" | "log"): number[] {
  if (scale === "log" && high / low >= 8) return decadeTicks(low, high);
  const rough = (high - low) / wantedTicks;
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((some) => some >= rough) ?? power;
  const ticks: number[] = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high * (1 + 1e-12); index++) {
    ticks.push(Number((index * step).toPrecision(12)));
  }
  return ticks;
}

function decadeTicks(low: number, high: number): number[] {
  const decades = Math.log10(high / low);
  const factors = decades > 5 ? [1] : decades > 2.5 ? [1, 3] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const factor of factors) {
      const tick = Number((factor * 10 ** power).toPrecision(12));
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return ticks;
}

/** `0.05`, `1`, `1 500`, `20k`: short enough to stand beside each other. */
export function tickLabel(value: number): string {
  if (value === 0) return "0";
  if (Math.abs(value) >= 1e9) return `${trim(value / 1e9)}G`;
  if (Math.abs(value) >= 1e6) return `${trim(value / 1e6)}M`;
  if (Math.abs(value) >= 1e4) return `${trim(value / 1e3)}k`;
  return trim(value);
}

function trim(value: number): string {
  const text = significant(value, 4);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** Ticks whose labels do not touch, the first and the last of them kept. */
export function spacedTicks(
  ticks: readonly number[],
  position: (value: number) => number,
): number[] {
  const kept: number[] = [];
  let edge = Number.NEGATIVE_INFINITY;
  const last = ticks.at(-1);
  const lastStart = last === undefined ? 0 : position(last) - half(last);
  for (const tick of ticks) {
    const at = position(tick);
    const isLast = tick === last;
    const touchesLast = !isLast && at + half(tick) > lastStart && kept.length > 0;
    if (at - half(tick) < edge || touchesLast) {
      if (!isLast) continue;
      if (kept.length > 1) kept.pop();
    }
    kept.push(tick);
    edge = at + half(tick);
  }
  return kept;
}

function half(tick: number): number {
  return textWidth(tickLabel(tick), tickSizePx) / 2 + 3;
}
