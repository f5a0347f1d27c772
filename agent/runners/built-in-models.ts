import { bertSizes } from "./bert/sizes.ts";
import type { ModelSource } from "./catalogue-entry.ts";

/** The seeded encoders, which every framework's runner has. */
export function builtInModels(): Record<string, ModelSource> {
  return Object.fromEntries(Object.keys(bertSizes).map((size) => [size, { kind: "built-in" }]));
}
