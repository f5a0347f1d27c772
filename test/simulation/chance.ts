import { mulberry32 } from "../../shared/testing/generator.ts";

/** Everything that a run leaves to chance, from one seed. */
export class Chance {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = mulberry32(Math.imul(seed, 0x9e3779b1) ^ 0x51f15e);
    // Seeds that lie side by side begin alike.
    for (let n = 0; n < 4; n += 1) this.#next();
  }

  /** Uniform in [0, 1). */
  unit = (): number => this.#next();

  between(low: number, high: number): number {
    return low + this.#next() * (high - low);
  }

  /** A whole number from low to high, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.#next() * (high - low + 1));
  }

  odds(probability: number): boolean {
    return this.#next() < probability;
  }

  /** Exponentially distributed around a mean: for events that do not know of one another. */
  around(meanMs: number): number {
    return -Math.log(1 - this.#next()) * meanMs;
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[Math.floor(this.#next() * values.length)] as Value;
  }

  /** 128 bits in hex, as the programs' own random ids. */
  id = (): string =>
    Array.from({ length: 4 }, () =>
      Math.floor(this.#next() * 2 ** 32)
        .toString(16)
        .padStart(8, "0"),
    ).join("");
}
