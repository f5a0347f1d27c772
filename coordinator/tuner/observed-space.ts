import type { EncodedSpace } from "./encoded-space.ts";

/** Visits of a space's configurations, one entry a visit. */
export interface Visits {
  readonly configurations: Int32Array;
  /** Log of the measured value. */
  readonly values: Float64Array;
  /** Noise variance of each visit relative to the model's: 1 for one launch, more for a doubtful one. */
  readonly noiseFactors: Float64Array;
}

/** The visited part of a space: its distinct core counts and settings, and each visit's place in them. */
export interface ObservedSpace {
  readonly space: EncodedSpace;
  readonly visits: Visits;
  /** Log values less their mean. */
  readonly residuals: Float64Array;
  readonly mean: number;
  /** Positions in the space's core counts and settings. */
  readonly counts: Int32Array;
  readonly settings: Int32Array;
  /** Positions in `counts` and `settings`, one a visit. */
  readonly countOf: Int32Array;
  readonly settingOf: Int32Array;
}

/** At least one visit. */
export function makeObservedSpace(space: EncodedSpace, visits: Visits): ObservedSpace {
  const { configurations, values } = visits;
  const counts = distinct(configurations, space.coreOf);
  const settings = distinct(configurations, space.settingOf);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    space,
    visits,
    mean,
    residuals: values.map((value) => value - mean),
    counts: counts.members,
    settings: settings.members,
    countOf: counts.places,
    settingOf: settings.places,
  };
}

/** The distinct labels of some configurations in order of appearance, and each configuration's place. */
export function distinct(
  configurations: Int32Array,
  labelOf: Int32Array,
): { members: Int32Array; places: Int32Array } {
  const placeOf = new Map<number, number>();
  const places = configurations.map((configuration) => {
    const label = labelOf[configuration] ?? 0;
    const place = placeOf.get(label) ?? placeOf.size;
    placeOf.set(label, place);
    return place;
  });
  return { members: Int32Array.from(placeOf.keys()), places };
}
