import { coreCovariance } from "./core-covariance.ts";
import { combine } from "./covariance-parts.ts";
import type { EncodedSpace } from "./encoded-space.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { knobCovariance } from "./knob-covariance.ts";
import { distinct } from "./observed-space.ts";

/**
 * Prior covariance of log values between two lists of configurations, `rows × columns`, row by row.
 */
export function crossCovariance(
  space: EncodedSpace,
  p: Hyperparameters,
  rows: Int32Array,
  columns: Int32Array,
): Float64Array {
  const [rowCores, cores] = [distinct(rows, space.coreOf), distinct(columns, space.coreOf)];
  const [rowKnobs, knobs] = [distinct(rows, space.settingOf), distinct(columns, space.settingOf)];
  const parts = {
    cores: coreCovariance(space.coreFeatures, p, rowCores.members, cores.members),
    knobs: knobCovariance(space.factors, p, rowKnobs.members, knobs.members),
  };
  const result = new Float64Array(rows.length * columns.length);
  let place = 0;
  rows.forEach((row, r) => {
    const coreStart = (rowCores.places[r] ?? 0) * cores.members.length;
    const knobStart = (rowKnobs.places[r] ?? 0) * knobs.members.length;
    columns.forEach((column, c) => {
      const core = coreStart + (cores.places[c] ?? 0);
      const knob = knobStart + (knobs.places[c] ?? 0);
      const own = row === column ? p.configuration ** 2 : 0;
      result[place] = own + combine(p, parts, core, knob);
      place += 1;
    });
  });
  return result;
}

/** Prior variance of every configuration of the space. */
export function priorVariance(space: EncodedSpace, p: Hyperparameters): Float64Array {
  const byCores = space.coreCounts.map((_, k) =>
    coreCovariance(space.coreFeatures, p, Int32Array.of(k), Int32Array.of(k)),
  );
  const byKnobs = Array.from({ length: space.settings }, (_, k) =>
    knobCovariance(space.factors, p, Int32Array.of(k), Int32Array.of(k)),
  );
  return Float64Array.from(space.coreOf, (count, configuration) => {
    const cores = byCores[count];
    const knobs = byKnobs[space.settingOf[configuration] ?? 0];
    if (cores === undefined || knobs === undefined) return Number.NaN;
    return p.configuration ** 2 + combine(p, { cores, knobs }, 0, 0);
  });
}
