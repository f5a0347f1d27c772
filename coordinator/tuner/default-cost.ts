import type { Cell } from "../../shared/domain/cell.ts";
import { at, choleskyFactor, makeSquareMatrix, type SquareMatrix } from "./linear-algebra.ts";
import type { Posterior } from "./posterior.ts";
import { makeRandomSource } from "./random.ts";
import type { Space } from "./space.ts";

/** What it costs to leave one knob at its default and tune the others: a fraction of the best value. */
export interface DefaultCost {
  readonly knob: string;
  /** By the model's mean; 0.05 is 5 % worse. */
  readonly cost: number;
  /** Where 95 % of the posterior draws lie. */
  readonly low: number;
  readonly high: number;
}

const limits = {
  /** Configurations that may be the best of a subset; more seldom are in any draw. */
  contenders: 25,
  draws: 400,
} as const;

/** Keeps the posterior covariance of nearly equal configurations positive definite, in log units². */
const jitter = 1e-9;

/**
 * One entry a knob that has a default in the space: best value with the knob at its default over the
 * best value of all, less 1. Seeded.
 */
export function costOfDefaults(
  space: Space,
  posterior: Posterior,
  options: { readonly defaults: Cell; readonly seed: number },
): DefaultCost[] {
  const all = contenders(posterior, space.configurations.keys());
  const subsets = space.knobs.flatMap(({ name }) => {
    const members = withDefault(space, name, options.defaults);
    return members.size === 0 ? [] : [{ knob: name, members: contenders(posterior, members) }];
  });
  const pool = [...new Set([...all, ...subsets.flatMap(({ members }) => members)])];
  const draws = drawJointly(posterior, pool, options.seed);
  return subsets.map(({ knob, members }) => {
    const costs = draws.map((draw) => relativeCost(draw, members, pool)).sort((a, b) => a - b);
    return {
      knob,
      cost: relativeCost((configuration) => at(posterior.mean, configuration), members, all),
      low: costs[Math.floor(0.025 * costs.length)] ?? 0,
      high: costs[Math.ceil(0.975 * costs.length) - 1] ?? 0,
    };
  });
}

type LogValue = (configuration: number) => number;

function relativeCost(value: LogValue, subset: readonly number[], all: readonly number[]): number {
  return Math.exp(Math.min(...subset.map(value)) - Math.min(...all.map(value))) - 1;
}

/** Configurations of the cells that have the knob's default; where the knob is inert, any value will do. */
function withDefault(space: Space, knob: string, defaults: Cell): Set<number> {
  const members = new Set<number>();
  space.cells.forEach((cell, position) => {
    const configuration = space.configurationOfCell[position];
    if (cell[knob] === defaults[knob] && configuration !== undefined) members.add(configuration);
  });
  return members;
}

function contenders({ mean }: Posterior, members: Iterable<number>): number[] {
  const ascending = [...members].sort((a, b) => at(mean, a) - at(mean, b));
  return ascending.slice(0, limits.contenders);
}

/** Draws of the pool's log values from their joint posterior. */
function drawJointly(posterior: Posterior, pool: readonly number[], seed: number): LogValue[] {
  const factor = jointFactor(posterior, pool);
  const placeOf = new Map(pool.map((configuration, place) => [configuration, place]));
  const random = makeRandomSource(seed);
  return Array.from({ length: limits.draws }, () => {
    const normals = Float64Array.from(pool, () => random.normal());
    const values = Float64Array.from(pool, (configuration, row) => {
      let value = at(posterior.mean, configuration);
      for (let k = 0; k <= row; k += 1) {
        value += at(factor.data, row * factor.size + k) * at(normals, k);
      }
      return value;
    });
    return (configuration) => at(values, placeOf.get(configuration) ?? -1);
  });
}

function jointFactor(posterior: Posterior, pool: readonly number[]): SquareMatrix {
  const matrix = makeSquareMatrix(pool.length);
  const members = Int32Array.from(pool);
  pool.forEach((configuration, row) => {
    matrix.data.set(posterior.covariances(configuration, members), row * pool.length);
    matrix.data[row * pool.length + row] = at(posterior.variance, configuration) + jitter;
  });
  const factor = choleskyFactor(matrix);
  if (factor === null) throw new Error("a posterior covariance with jitter is positive definite");
  return factor;
}
