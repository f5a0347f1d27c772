import { FleetsweepError } from "./errors.ts";

const unitsMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `90s`, `15m`, `1h` or `30d` in ms. @throws FleetsweepError config.invalid for anything else. */
export function parseTimeSpan(text: string, what: string): number {
  const [, digits = "", unit = ""] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = Number(digits) * (unitsMs[unit] ?? 0);
  if (ms > 0) return ms;
  const form = "a number with s, m, h or d behind it, such as 15m";
  throw new FleetsweepError("config.invalid", `${what} is ${form}, not "${text}"`);
}
