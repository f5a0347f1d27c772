import { findAxis } from "../../../shared/domain/axis.ts";
import type { Cell } from "../../../shared/domain/cell.ts";
import { type Knob, makeSpace, type Space } from "../../tuner/space.ts";

/** Axes whose numbers lie on one scale with neighbours that behave alike. */
const orderedAxes: readonly string[] = ["instances", "batch_size", "interop_threads"];

/**
 * The configurations of a tune: one a planned cell, for planning has already taken equal work out. An
 * axis that a cell lacks is a knob that does nothing there.
 */
export function tuneSpace(cells: readonly Cell[], coresPerPackage: number | null): Space {
  const knobs = tunedAxes(cells).map((name): Knob => {
    const numeric = cells.every((cell) => ["number", "undefined"].includes(typeof cell[name]));
    if (name === "cores" && numeric) return { kind: "cores", name, coresPerPackage };
    if (numeric && orderedAxes.includes(name)) return { kind: "ordered", name };
    return { kind: "choice", name };
  });
  return makeSpace(knobs, cells, []);
}

/**
 * Axes with several values, without those that the number of cores decides, such as the name of its
 * placement. An axis that has one value, or does not apply, follows from others.
 */
export function tunedAxes(cells: readonly Cell[]): string[] {
  const names = [...new Set(cells.flatMap((cell) => Object.keys(cell)))];
  const varied = names.filter(
    (name) => new Set(cells.flatMap((cell) => cell[name] ?? [])).size > 1,
  );
  return varied.filter((name) => name === "cores" || !followsFromCores(cells, name));
}

function followsFromCores(cells: readonly Cell[], name: string): boolean {
  if (findAxis(name)?.kind !== "placement") return false;
  const byCores = new Map(cells.map((cell) => [cell["cores"], cell[name]]));
  return cells.every((cell) => byCores.get(cell["cores"]) === cell[name]);
}
