/** Fields that hold cells: their keys are names of axes and stay as they are. */
const cellFields: ReadonlySet<string> = new Set([
  "cell",
  "workload",
  "setting",
  "at",
  "fixed",
  "holdsFor",
]);

/** Plain data with its field names in snake_case, as the documents for programs have them. */
export function toSnakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toSnakeCase);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      cellFields.has(name) ? member : toSnakeCase(member),
    ]),
  );
}
