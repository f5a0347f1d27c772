import { makeRandomSource } from "../../../coordinator/tuner/random.ts";
import { makeTable, type SyntheticTable } from "./generator.ts";
import { randomShape, shapes, type TableShape } from "./shapes.ts";

/** The seed of the tables that the report is about. The tuner was developed on tables of seed 1000. */
export const heldOutSeed = 20_261_122;

export interface BenchPlan {
  /** Seeds for each of the shapes A to F. */
  readonly shapeSeeds: number;
  readonly randomTables: number;
  /** Seeds for each random table. */
  readonly randomSeeds: number;
  /** Tables outside the ranges that the tuner was made for, one seed each. */
  readonly outsideTables: number;
}

/** One tune to run. Everything about it follows from these numbers. */
export interface BenchTune {
  /** `A` … `F`, `random` or `outside`. */
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
  const outside = range(plan.outsideTables).map((table) => ({
    group: "outside",
    table,
    seed: table,
  }));
  return [...ofShapes, ...ofRandom, ...outside];
}

/** A shape's table is drawn anew for each seed; a random table is the same for all of its seeds. */
export function benchTable({ group, table, seed }: BenchTune): SyntheticTable {
  if (group === "random")
    return makeTable(randomTableShape(heldOutSeed, table), heldOutSeed + table);
  if (group === "outside") {
    const shape = randomTableShape(heldOutSeed + 1, table);
    return makeTable({ ...shape, ...outside[table % outside.length] }, heldOutSeed + table);
  }
  const shape = shapes[table];
  if (shape === undefined) throw new Error(`no shape ${table}`);
  return makeTable(shape, heldOutSeed + seed);
}

/** A work that is best on four cores or so, three times the ruggedness, and four packages. */
const outside: readonly Partial<TableShape>[] = [
  { sigma: 0.1, kappa: 0.05 },
  { ruggedness: 0.03 },
  { cores: 160, coresPerPackage: 40, sigma: 0.01, kappa: 0.0002 },
];

function randomTableShape(seed: number, table: number): TableShape {
  const random = makeRandomSource(seed);
  const [shape] = range(table + 1)
    .map((k) => randomShape(`random ${k}`, random))
    .slice(-1);
  if (shape === undefined) throw new Error(`no random table ${table}`);
  return shape;
}

function range(length: number): number[] {
  return Array.from({ length }, (_, k) => k);
}
