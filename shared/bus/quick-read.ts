import { z } from "zod";

/** What a quick reader says of everything that it cannot vouch for: then the schema decides. */
export const unsure: unique symbol = Symbol("unsure");

/** Reads a value as its schema does, or says that it is unsure. It never takes what the schema refuses. */
export type QuickRead = (wire: unknown) => unknown;

/**
 * Kept beside the schemas because a schema's own way, which makes a record of every step so that it can say
 * what is wrong, takes some five times as long: nearly all that comes is right.
 */
const readers = new WeakMap<z.ZodType, QuickRead>();

/** Ties to a schema how its values are read quickly. */
export function readBy<Schema extends z.ZodType>(schema: Schema, read: QuickRead): Schema {
  readers.set(schema, read);
  return schema;
}

/** The same where the value is taken as it is, or left to the schema. */
export function takenWhere<Schema extends z.ZodType>(
  schema: Schema,
  holds: (wire: unknown) => boolean,
): Schema {
  return readBy(schema, (wire) => (holds(wire) ? wire : unsure));
}

/** How values of this schema are read quickly; undefined where nobody has said so. */
export function quickOf(schema: z.ZodType): QuickRead | undefined {
  const read = readers.get(schema);
  if (read !== undefined) return read;
  if (schema instanceof z.ZodLiteral)
    return (wire) => (schema.values.has(wire as never) ? wire : unsure);
  if (schema instanceof z.ZodEnum) {
    const options = new Set<unknown>(schema.options);
    return (wire) => (options.has(wire) ? wire : unsure);
  }
  if (schema instanceof z.ZodDefault) return present(schema.def.innerType as z.ZodType);
  if (schema instanceof z.ZodOptional) return orElse(undefined, schema.def.innerType as z.ZodType);
  if (schema instanceof z.ZodNullable) return orElse(null, schema.def.innerType as z.ZodType);
  return undefined;
}

/** What is absent is the schema's to fill in. */
function present(inner: z.ZodType): QuickRead | undefined {
  const read = quickOf(inner);
  return read && ((wire) => (wire === undefined ? unsure : read(wire)));
}

function orElse(nothing: null | undefined, inner: z.ZodType): QuickRead | undefined {
  const read = quickOf(inner);
  return read && ((wire) => (wire === nothing ? nothing : read(wire)));
}

/** Every element, or unsure. */
export function readEach(values: readonly unknown[], read: QuickRead): unknown {
  const taken: unknown[] = [];
  for (const value of values) {
    const one = read(value);
    if (one === unsure) return unsure;
    taken.push(one);
  }
  return taken;
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
