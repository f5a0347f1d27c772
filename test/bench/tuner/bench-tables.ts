import { makeRandomSource } from "../../../coordinator/tuner/random.ts";
import { makeTable, type SyntheticTable } from "./generator.ts";
import { randomShape, shapes } from "./shapes.ts";

/** The seed of the tables that the report is about. The tuner was developed on tables of seed 1000. */
export const heldOutSeed = 20_261_122;

export interface BenchPlan {
  /** Seeds for each of the shapes A to F. */
  readonly shapeSeeds: number;
  readonly randomTables: number;
  /** Seeds for each random table. */
  readonly randomSeeds: number;
}

/** One tune to run. Everything about it follows from these numbers. */
export interface BenchTune {
  /** `A` … `F`, or `random`. */
  readonly group: string;
  /** Which shape or random table. */
  readonly table: number;
  readonly seed: number;
}

/** All tunes of a plan, shape by shape, then random table by random table. */
export function benchTunes(plan: BenchPlan): BenchTune[] {
  const ofShapes = shapes.flatMap(({ name }, table) =>
    range(plan.shapeSeeds).map((seed) => ({ group: name.slice(0, 1), table, seed })),
  );
  const ofRandom = range(plan.randomTables).flatMap((table) =>
    range(plan.randomSeeds).map((seed) => ({ group: "random", table, seed: 1000 * seed + table })),
  );
  return [...ofShapes, ...ofRandom];
}

/** A shape's table is drawn anew for each seed; a random table is the same for all of its seeds. */
export function benchTable({ group, table, seed }: BenchTune): SyntheticTable {
  if (group !== "random") {
    const shape = shapes[table];
    if (shape === undefined) throw new Error(`no shape ${table}`);
    return makeTable(shape, heldOutSeed + seed);
  }
  const random = makeRandomSource(heldOutSeed);
  const drawn = range(table + 1).map((k) => randomShape(`random ${k}`, random));
  const shape = drawn[table];
  if (shape === undefined) throw new Error(`no random table ${table}`);
  return makeTable(shape, heldOutSeed + table);
}

function range(length: number): number[] {
  return Array.from({ length }, (_, k) => k);
}
