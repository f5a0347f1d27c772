import type { AxisValue } from "../../shared/domain/cell.ts";
import { type CoreFeatures, coreFeatures } from "./core-features.ts";
import type { Knob, Space } from "./space.ts";

/** A space as the model sees it: small integers, and what each core count looks like. */
export interface EncodedSpace {
  readonly size: number;
  /** Distinct core counts, ascending; a single 1 where the space has no cores knob. */
  readonly coreCounts: readonly number[];
  readonly coreFeatures: CoreFeatures;
  /** Position in `coreCounts` of each configuration. */
  readonly coreOf: Int32Array;
  /** Distinct settings of all other knobs: position of each configuration's, and how many there are. */
  readonly settingOf: Int32Array;
  readonly settings: number;
  readonly factors: readonly Factor[];
}

/** A knob other than cores. */
export interface Factor {
  readonly name: string;
  /** Distinct values; numbers ascending, others in order of appearance. */
  readonly values: readonly AxisValue[];
  /** Position in `values` of each setting; −1 where the knob is inert. */
  readonly levelOf: Int32Array;
  /** Similarity of two levels in [0, 1], `values × values`, row by row. */
  readonly similarity: Float64Array;
}

export function encodeSpace(space: Space): EncodedSpace {
  const cores = space.knobs.find((knob) => knob.kind === "cores");
  const others = space.knobs.filter((knob) => knob.kind !== "cores");
  const counts = space.configurations.map(({ values }) => {
    const value = cores === undefined ? undefined : values[cores.name];
    return typeof value === "number" ? value : 1;
  });
  const coreCounts = [...new Set(counts)].sort((a, b) => a - b);
  const positionOf = new Map(coreCounts.map((count, position) => [count, position]));
  const keys = space.configurations.map(({ values }) =>
    JSON.stringify(others.map(({ name }) => values[name] ?? null)),
  );
  const settingKeys = [...new Set(keys)];
  const settingPositions = new Map(settingKeys.map((key, position) => [key, position]));
  const representatives = settingKeys.map((key) => keys.indexOf(key));
  return {
    size: space.configurations.length,
    coreCounts,
    coreFeatures: coreFeatures(coreCounts, cores?.coresPerPackage ?? null),
    coreOf: Int32Array.from(counts, (count) => positionOf.get(count) ?? 0),
    settingOf: Int32Array.from(keys, (key) => settingPositions.get(key) ?? 0),
    settings: settingKeys.length,
    factors: others.map((knob) =>
      encodeFactor(
        knob,
        representatives.map((position) => space.configurations[position]?.values[knob.name]),
      ),
    ),
  };
}

function encodeFactor(knob: Knob, bySetting: readonly (AxisValue | undefined)[]): Factor {
  const values = [...new Set(bySetting.filter((value) => value !== undefined))];
  if (values.every((value) => typeof value === "number")) {
    values.sort((a, b) => Number(a) - Number(b));
  }
  const levelOf = Int32Array.from(bySetting, (value) =>
    value === undefined ? -1 : values.indexOf(value),
  );
  const alike = knob.kind === "ordered" ? orderedSimilarity(values.map(Number)) : isSame;
  const similarity = new Float64Array(values.length ** 2);
  values.forEach((a, row) => {
    values.forEach((b, column) => {
      similarity[row * values.length + column] = alike(a, b);
    });
  });
  return { name: knob.name, values, levelOf, similarity };
}

function isSame(a: AxisValue, b: AxisValue): number {
  return a === b ? 1 : 0;
}

/** The range counts as two length scales of an exponential kernel, on a log axis if all are positive. */
function orderedSimilarity(values: readonly number[]): (a: AxisValue, b: AxisValue) => number {
  const scale = values.every((value) => value > 0) ? Math.log : Number;
  const range = scale(values.at(-1) ?? 1) - scale(values[0] ?? 1);
  return (a, b) =>
    range === 0 ? 1 : Math.exp((-2 * Math.abs(scale(Number(a)) - scale(Number(b)))) / range);
}
