import type { Axis } from "./axis.ts";
import type { AxisValue } from "./cell.ts";

/** One entry of an axis as written: a value, or values that only a host's size can tell. */
export type AxisTerm =
  | { readonly type: "value"; readonly value: AxisValue }
  /** From `from` up to the size of the placement: every one, powers of two, or divisors of it. */
  | { readonly type: "upTo"; readonly from: number; readonly step: TermStep };

export type TermStep = number | "pow2" | "divisors";

/** What a list entry is not, for people; the axis's own expectation is added by the caller. */
export interface TermProblem {
  readonly problem: string;
}

/** Values that one axis may have: beyond it the product is a typing error, not a plan. */
export const maxAxisValues = 4_096;

const rangePattern = /^(\d{1,9})\.\.(\d{1,9}|all)(?: (?:step (\d{1,9})|(pow2|divisors)))?$/;

/** The text forms of integer axes, as a JSON-schema pattern. */
export const rangeSource = rangePattern.source;

/** Reads one list entry of an axis. Ranges: `1..8`, `4..64 step 4`, `1..128 pow2`, `1..all divisors`. */
export function parseAxisTerm(axis: Axis, raw: AxisValue): readonly AxisTerm[] | TermProblem {
  const { values } = axis;
  if (values.type === "integer") return parseInteger(values, raw);
  if (typeof raw !== "string") return { problem: `${JSON.stringify(raw)} is not text` };
  if (values.type === "words" && !values.words.includes(raw)) {
    return { problem: `${JSON.stringify(raw)} is not one of its values` };
  }
  if (!namePattern.test(raw)) return { problem: `${JSON.stringify(raw)} is not a name` };
  return [{ type: "value", value: raw }];
}

/** Names travel in tables, file names and command lines of hosts: no blanks, quotes or separators. */
const namePattern = /^[A-Za-z0-9][A-Za-z0-9_.:,@|+-]{0,199}$/;

type IntegerValues = Extract<Axis["values"], { type: "integer" }>;

function parseInteger(values: IntegerValues, raw: AxisValue): readonly AxisTerm[] | TermProblem {
  if (typeof raw === "number") return checkRange(values, [raw]);
  const shown = JSON.stringify(raw);
  if (typeof raw !== "string") return { problem: `${shown} is not a number` };
  if (values.hostSized && raw === "all") return [{ type: "value", value: "all" }];
  if (values.hostSized && (raw === "pow2" || raw === "divisors")) {
    return [{ type: "upTo", from: 1, step: raw }];
  }
  const match = rangePattern.exec(raw);
  if (match === null) return { problem: `${shown} is neither a number nor a range` };
  const from = Number(match[1]);
  const step = toStep(match[3], match[4]);
  if (step === 0) return { problem: `${shown} has a step of 0` };
  if (match[2] === "all") {
    if (!values.hostSized) return { problem: `${shown} goes up to all, which has no meaning here` };
    const low = from < values.min;
    return low ? { problem: `${from} is less than ${values.min}` } : [{ type: "upTo", from, step }];
  }
  const to = Number(match[2]);
  if (to < from) return { problem: `${shown} ends before it starts` };
  const bad = checkRange(values, [from, to]);
  if ("problem" in bad) return bad;
  const expanded = expandRange({ from, to, step });
  if (expanded.length > maxAxisValues) {
    return { problem: `${shown} has more than ${maxAxisValues} values` };
  }
  return expanded.map((value) => ({ type: "value", value }));
}

function toStep(step: string | undefined, word: string | undefined): TermStep {
  if (step !== undefined) return Number(step);
  return word === "pow2" || word === "divisors" ? word : 1;
}

function checkRange(
  values: IntegerValues,
  numbers: readonly number[],
): readonly AxisTerm[] | TermProblem {
  for (const value of numbers) {
    const isNumber = values.decimals ? Number.isFinite(value) : Number.isSafeInteger(value);
    if (!isNumber) return { problem: `${value} is not a whole number` };
    if (value < values.min) return { problem: `${value} is less than ${values.min}` };
    if (value > values.max) return { problem: `${value} is more than ${values.max}` };
  }
  return numbers.map((value) => ({ type: "value", value }));
}

/** The numbers from `from` to `to` that the step takes, ascending. */
export function expandRange(range: {
  readonly from: number;
  readonly to: number;
  readonly step: TermStep;
}): readonly number[] {
  const { from, to, step } = range;
  const numbers: number[] = [];
  if (step === "pow2") {
    for (let power = 1; power <= to; power *= 2) if (power >= from) numbers.push(power);
  } else {
    const stride = step === "divisors" ? 1 : step;
    // One more than the limit is enough to see that it is exceeded.
    const most = step === "divisors" ? Number.POSITIVE_INFINITY : maxAxisValues;
    for (let value = from; value <= to && numbers.length <= most; value += stride) {
      if (step !== "divisors" || to % Math.max(1, value) === 0) numbers.push(value);
    }
  }
  return numbers;
}
