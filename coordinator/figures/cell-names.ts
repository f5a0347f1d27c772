import type { AxisValue, Cell } from "../../shared/domain/cell.ts";
import { showAxisValue } from "../analysis/report.ts";

/** Axes whose values say by themselves what they are. */
const speaking = new Set([
  "runner",
  "mode",
  "model",
  "dtype",
  "placement",
  "allocator",
  "allocator_tunables",
  "host",
]);

const shortNames: Readonly<Record<string, string>> = {
  batch_size: "batch",
  sequence_length: "seq",
  kmp_blocktime: "blocktime",
};

/** An axis as pictures label it: `batch`, `memory policy`. */
export function axisLabel(name: string): string {
  return shortNames[name] ?? name.replaceAll("_", " ");
}

/** The named axes of a cell in a few words: `bert-mini, batch 4, seq 128`; what it lacks is left out. */
export function nameCell(cell: Cell, names: readonly string[]): string {
  return names
    .filter((name) => cell[name] !== undefined)
    .map((name) => nameValue(name, cell[name]))
    .join(", ");
}

export function nameValue(name: string, value: AxisValue | undefined): string {
  const text = value === undefined ? "none" : showAxisValue(value);
  if (speaking.has(name) && typeof value === "string") return text;
  // One instance or one core, but several of them.
  if (name === "cores" || name === "instances") {
    return value === 1 ? `1 ${name.slice(0, -1)}` : `${text} ${name}`;
  }
  return `${axisLabel(name)} ${text}`;
}
