import { z } from "zod";

/**
 * A schema for an object whose fields are camelCase in the program and snake_case on the wire, both
 * ways by one definition: `z.decode` reads, `z.encode` writes, and both check. Unknown fields are
 * dropped when reading, so that a newer program may add some; keys inside records stay as they are.
 */
export function wireObject<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = Object.keys(shape).map((name) => [name, toSnakeCase(name)] as const);
  const inner = z.object(shape);
  return z.codec(plainObject, inner, {
    decode: (wire) => pick(names, (name) => wire[name[1]], 0) as z.input<typeof inner>,
    encode: (value) => pick(names, (name) => (value as Record<string, unknown>)[name[0]], 1),
  });
}

/** Looks at the fields not twice, as `z.record` would: the inner schema does. */
const plainObject = z.custom<Record<string, unknown>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "is no object",
);

type Names = readonly (readonly [camel: string, snake: string])[];

function pick(
  names: Names,
  get: (name: Names[number]) => unknown,
  target: 0 | 1,
): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const name of names) {
    const value = get(name);
    if (value !== undefined) picked[name[target]] = value;
  }
  return picked;
}

function toSnakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
