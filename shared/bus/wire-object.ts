import { z } from "zod";
import { isPlainObject, quickOf, readBy, unsure } from "./quick-read.ts";

/**
 * A schema for an object whose fields are camelCase in the program and snake_case on the wire, both
 * ways by one definition: parsing reads and checks, {@link toWire} writes. Unknown fields are dropped
 * when reading, so that a newer program may add some; keys inside records stay as they are.
 */
export function wireObject<Shape extends z.ZodRawShape>(shape: Shape) {
  const fields = Object.entries(shape).map(([camel, schema]) => ({
    camel,
    snake: toSnakeCase(camel),
    write: toWire(schema as z.ZodType),
    quick: quickOf(schema as z.ZodType),
  }));
  const schema = plainObject.transform(fromWire).pipe(z.object(shape));
  if (fields.every(({ quick }) => quick !== undefined)) readBy(schema, readQuickly);
  return writtenBy(schema, (value) => {
    const wire: Fields = {};
    for (const { camel, snake, write } of fields) wire[snake] = write((value as Fields)[camel]);
    return wire;
  });

  function readQuickly(wire: unknown): unknown {
    if (!isPlainObject(wire)) return unsure;
    const value: Fields = {};
    for (const { camel, snake, quick } of fields) {
      const read = quick?.(wire[snake]);
      if (read === unsure) return unsure;
      if (read !== undefined) value[camel] = read;
    }
    return value;
  }

  function fromWire(wire: Fields): Fields {
    const value: Fields = {};
    for (const { camel, snake } of fields) {
      if (wire[snake] !== undefined) value[camel] = wire[snake];
    }
    return value;
  }
}

/** One of several wire objects, told apart by the field `type`. */
export function wireVariants<Schemas extends Readonly<Record<string, z.ZodType>>>(
  schemas: Schemas,
) {
  const options = Object.values(schemas) as Schemas[keyof Schemas & string][];
  const quick = new Map(Object.entries(schemas).map(([type, one]) => [type, quickOf(one)]));
  const union = readBy(z.union(options), (wire) => {
    const type = isPlainObject(wire) ? wire["type"] : undefined;
    return typeof type === "string" ? (quick.get(type)?.(wire) ?? unsure) : unsure;
  });
  return writtenBy(union, (value) => {
    const { type } = value as { readonly type: string };
    const schema = schemas[type];
    return schema === undefined ? value : toWire(schema)(value);
  });
}

type Fields = Record<string, unknown>;
type Write = (value: unknown) => unknown;

/**
 * Kept beside the schemas because zod's own way back costs twice as much as reading, and half as much
 * again as writing plainly and then checking what was written.
 */
const writers = new WeakMap<z.ZodType, Write>();

/** Ties to a schema how its values are written; those of other schemas are written as they are. */
export function writtenBy<Schema extends z.ZodType>(schema: Schema, write: Write): Schema {
  writers.set(schema, write);
  return schema;
}

/** How a value of this schema is written; it does not check the value. */
export function toWire(schema: z.ZodType): Write {
  const write = writers.get(schema);
  if (write !== undefined) return write;
  if (schema instanceof z.ZodDefault) return toWire(schema.def.innerType as z.ZodType);
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) {
    const writeInner = toWire(schema.def.innerType as z.ZodType);
    return (value) => (value === null || value === undefined ? value : writeInner(value));
  }
  if (schema instanceof z.ZodArray) {
    const writeElement = toWire(schema.element as z.ZodType);
    return (value) => (Array.isArray(value) ? value.map(writeElement) : value);
  }
  return (value) => value;
}

/** Looks at the fields not twice, as `z.record` would: the inner schema does. */
const plainObject = z.custom<Fields>(isPlainObject, "is no object");

function toSnakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
