import { at, dot } from "./linear-algebra.ts";

/** Value and gradient of a smooth function; an infinite value marks a point outside its domain. */
export type Objective = (point: Float64Array) => Evaluation;

export interface Evaluation {
  readonly value: number;
  readonly gradient: Float64Array;
}

export interface MinimizeLimits {
  /** Calls of the objective. */
  readonly evaluations: number;
  /** Every coordinate stays within ± this. */
  readonly box: number;
}

export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
}

/** Pairs of steps that L-BFGS remembers; 3 to 20 behave alike (Nocedal and Wright, §7.2). */
const memory = 8;

/** A relative decrease below this ends the search: the evidence is not known better than that. */
const tolerance = 1e-5;

/** A step that gains this share of what its slope promises is taken (Armijo's rule). */
const sufficientShare = 1e-4;

/** Each refused step is divided by this, until it is below the smallest rate. */
const shrinkage = 2.5;
const smallestRate = 1e-6;

/**
 * L-BFGS (Nocedal and Wright, algorithms 7.4 and 7.5) with steps clamped to a box. Deterministic; each
 * accepted point is better than the one before, and the last one is returned.
 */
export function minimize(
  objective: Objective,
  start: Float64Array,
  limits: MinimizeLimits,
): Minimum {
  const search = new Search(objective, start, limits);
  const curvature: Curvature[] = [];
  while (search.evaluationsLeft > 0) {
    const { point, value, gradient } = search;
    if (!search.step(descentDirection(gradient, curvature))) break;
    const step = search.point.map((x, k) => x - at(point, k));
    const change = search.gradient.map((g, k) => g - at(gradient, k));
    const product = dot(step, change);
    if (product > 1e-12) curvature.push({ step, change, product });
    if (curvature.length > memory) curvature.shift();
    if (value - search.value < tolerance * (1 + Math.abs(value))) break;
  }
  return { point: search.point, value: search.value };
}

/** A step and the change of the gradient over it, with their scalar product. */
interface Curvature {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly product: number;
}

/** Where the search stands, and the one way in which it moves. */
class Search {
  point: Float64Array;
  value: number;
  gradient: Float64Array;
  evaluationsLeft: number;
  private readonly objective: Objective;
  private readonly box: number;
  private isFirst = true;

  constructor(objective: Objective, start: Float64Array, { evaluations, box }: MinimizeLimits) {
    this.objective = objective;
    this.box = box;
    this.point = start.map((x) => clamp(x, box));
    ({ value: this.value, gradient: this.gradient } = objective(this.point));
    this.evaluationsLeft = evaluations - 1;
  }

  /** Goes along the direction as far as the value falls; false where it does not fall at all. */
  step(direction: Float64Array): boolean {
    const slope = dot(direction, this.gradient);
    if (!(slope < 0)) return false;
    // The first direction is the bare gradient: its length says nothing about the distance.
    let rate = this.isFirst ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
    this.isFirst = false;
    for (; rate > smallestRate && this.evaluationsLeft > 0; rate /= shrinkage) {
      const candidate = this.point.map((x, k) => clamp(x + rate * at(direction, k), this.box));
      const { value, gradient } = this.objective(candidate);
      this.evaluationsLeft -= 1;
      if (value > this.value + sufficientShare * rate * slope) continue;
      this.point = candidate;
      this.value = value;
      this.gradient = gradient;
      return true;
    }
    return false;
  }
}

/** The two-loop recursion: minus the inverse Hessian's estimate times the gradient. */
function descentDirection(gradient: Float64Array, curvature: readonly Curvature[]): Float64Array {
  const direction = gradient.map((g) => -g);
  const backwards = [...curvature].reverse().map((pair) => {
    const weight = dot(pair.step, direction) / pair.product;
    addScaled(direction, pair.change, -weight);
    return { ...pair, weight };
  });
  const [last] = backwards;
  if (last) {
    const scale = last.product / dot(last.change, last.change);
    for (let k = 0; k < direction.length; k += 1) direction[k] = at(direction, k) * scale;
  }
  for (const { step, change, product, weight } of backwards.reverse()) {
    addScaled(direction, step, weight - dot(change, direction) / product);
  }
  return direction;
}

function addScaled(target: Float64Array, addend: Float64Array, scale: number): void {
  for (let k = 0; k < target.length; k += 1) target[k] = at(target, k) + scale * at(addend, k);
}

function clamp(value: number, box: number): number {
  return Math.max(-box, Math.min(box, value));
}
