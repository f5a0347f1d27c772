/** One value of an axis. Axis names are the words of the sweep file: `batch_size`, `placement` … */
export type AxisValue = string | number | boolean;

/**
 * One value per axis, placement included; an axis that does not apply is not there. Flat on purpose:
 * the same record is hashed to the cell's id, shown as a table row and stored as columns.
 */
export type Cell = Readonly<Record<string, AxisValue>>;

/** Digests text to lower-case hex; the edges pass SHA-256. */
export type Digest = (text: string) => string;

/** 80 bits: two of 10^6 cells collide with a probability under 10^-12. */
const cellIdLength = 20;

/**
 * Equal work has equal ids: the canonical cell (axes sorted by name) and the version of the runner
 * that would measure it, digested.
 */
export function makeCellId(cell: Cell, runnerVersion: string, digest: Digest): string {
  return digestCell(canonicalCell(cell), runnerVersion, digest);
}

/** {@link makeCellId} for text that {@link canonicalCell} gave. */
export function digestCell(canonical: string, runnerVersion: string, digest: Digest): string {
  return digest(`${canonical}\n${runnerVersion}`).slice(0, cellIdLength);
}

/** The cell as JSON with its axes in code-unit order, the same on every machine. */
export function canonicalCell(cell: Cell): string {
  const names = Object.keys(cell).sort();
  return JSON.stringify(names.map((name) => [name, cell[name]]));
}

export function stringAxis(cell: Cell, name: string): string | undefined {
  const value = cell[name];
  return typeof value === "string" ? value : undefined;
}

export function numberAxis(cell: Cell, name: string): number | undefined {
  const value = cell[name];
  return typeof value === "number" ? value : undefined;
}
