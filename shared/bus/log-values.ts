import { z } from "zod";
import { isToken, tokenProblem } from "../domain/ids.ts";
import { isPlainObject, quickOf, readBy, readEach, takenWhere, unsure } from "./quick-read.ts";

/** Bounds on what one log message may hold; the whole message is bounded by the bus. */
export const logLimits = {
  cellsPerShard: 10_000,
  hostsPerShard: 10_000,
  axesPerCell: 64,
  instancesPerLaunch: 4_096,
  recordKeys: 1_024,
  reasons: 256,
  textChars: 65_536,
  stderrTailChars: 262_144,
  sweepFileChars: 1_048_576,
  /** 512 KiB of compressed samples in base64, and room for a histogram's header. */
  sampleDataChars: 716_800,
} as const;

export const token = takenWhere(
  z.string().refine(isToken, {
    error: (issue) => `is no id: ${tokenProblem(String(issue.input)) ?? "not text"}`,
  }),
  (wire) => typeof wire === "string" && isToken(wire),
);
export const textOf = (maxChars: number) =>
  takenWhere(
    z.string().max(maxChars),
    (wire) => typeof wire === "string" && wire.length <= maxChars,
  );
export const text = textOf(logLimits.textChars);
export const number = takenWhere(z.number(), Number.isFinite);
export const count = takenWhere(z.int().nonnegative(), (wire) =>
  isAtLeast(wire, 0, Number.isSafeInteger),
);
export const ordinal = takenWhere(z.int().positive(), (wire) =>
  isAtLeast(wire, 1, Number.isSafeInteger),
);
export const nonNegative = takenWhere(z.number().nonnegative(), (wire) =>
  isAtLeast(wire, 0, Number.isFinite),
);
export const positive = takenWhere(
  z.number().positive(),
  (wire) => wire !== 0 && isAtLeast(wire, 0, Number.isFinite),
);
/** 10^18 ns are 31 years of uptime, and fit 64 bits. */
const monotonic = /^\d{1,18}$/;
export const monotonicNs = takenWhere(
  z.string().regex(monotonic),
  (wire) => typeof wire === "string" && monotonic.test(wire),
);

function isAtLeast(wire: unknown, least: number, is: (wire: unknown) => boolean): boolean {
  return is(wire) && (wire as number) >= least;
}

export function record<Value extends z.ZodType>(value: Value, maxKeys: number) {
  const read = quickOf(value);
  const schema = z
    .record(z.string().min(1).max(256), value)
    .refine((entries) => Object.keys(entries).length <= maxKeys, `holds more than ${maxKeys} keys`);
  if (read === undefined) return schema;
  return takenWhere(schema, (wire) => {
    if (!isPlainObject(wire)) return false;
    const entries = Object.entries(wire);
    return (
      entries.length <= maxKeys && entries.every(([key, one]) => isKey(key) && read(one) === one)
    );
  });
}

/** A schema drops a key that would change the object itself. */
function isKey(key: string): boolean {
  return key !== "" && key.length <= 256 && key !== "__proto__";
}

export function list<Element extends z.ZodType>(
  element: Element,
  { min, max }: { min: number; max: number },
) {
  const schema = z.array(element).min(min).max(max);
  const read = quickOf(element);
  if (read === undefined) return schema;
  return readBy(schema, (wire) =>
    Array.isArray(wire) && wire.length >= min && wire.length <= max ? readEach(wire, read) : unsure,
  );
}

/** What the parameters of cells and the readback hold. */
export const scalar = takenWhere(
  z.union([text, z.number(), z.boolean()]),
  (wire) =>
    typeof wire === "boolean" ||
    (typeof wire === "string" && wire.length <= logLimits.textChars) ||
    Number.isFinite(wire),
);
