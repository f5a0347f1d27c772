import type { EncodedSpace } from "./encoded-space.ts";
import { randomSearch } from "./random-search.ts";
import type { Strategy } from "./strategy.ts";
import { lowest, observedMeans, type Study } from "./study.ts";

/**
 * What a careful engineer does by hand: from the untuned settings, sweep the core counts coarsely, then
 * each knob in turn, always going on from the best seen; then look at ever nearer core counts, and sweep
 * the knobs again. Random configurations fill what is left of the budget.
 */
export const oneFactorAtATime: Strategy = {
  name: "one-factor",
  summary: "one knob at a time, always from the best seen",
  suggest(study) {
    const measured = observedMeans(study);
    const tried = new Set(study.observations.map(({ configuration }) => configuration));
    let current = study.start;
    for (const neighbours of stages(study)) {
      const candidates = [current, ...neighbours(current)];
      const next = candidates.find((candidate) => !tried.has(candidate));
      // A stage's outcome needs all of its trials: while some run, others of it come first.
      const free = candidates.find(
        (candidate) => !tried.has(candidate) && !study.pending.includes(candidate),
      );
      if (free !== undefined) return free;
      if (next !== undefined) break;
      const values = candidates.flatMap((candidate): [number, number][] => {
        const value = measured.get(candidate);
        return value === undefined ? [] : [[candidate, value]];
      });
      current = lowest(new Map(values)) ?? current;
    }
    return randomSearch.suggest(study);
  },
  recommend: (study) => lowest(observedMeans(study)),
};

type Neighbours = (configuration: number) => number[];

/** Core counts of the first sweep: halves of the largest, which meet packages and sub-NUMA clusters. */
const coarseHalvings = 6;

/** Refinements look at this many counts to either side, at a distance that halves each time. */
const refinements = [8, 4, 2, 1] as const;

function stages(study: Study): Neighbours[] {
  const { encoded } = study;
  const knobs = encoded.factors.map((_, factor) => knobNeighbours(encoded, factor));
  const coarse: Neighbours = (configuration) => {
    const largest = encoded.coreCounts.at(-1) ?? 1;
    const wanted = Array.from({ length: coarseHalvings }, (_, k) => largest / 2 ** k);
    return wanted.flatMap((count) => withCores(encoded, configuration, nearest(encoded, count)));
  };
  const refined = refinements.flatMap((distance): Neighbours[] => [
    (configuration) => {
      const position = encoded.coreOf[configuration] ?? 0;
      return [position - distance, position + distance].flatMap((neighbour) =>
        withCores(encoded, configuration, neighbour),
      );
    },
  ]);
  return [coarse, ...knobs, ...refined, ...knobs];
}

function nearest({ coreCounts }: EncodedSpace, wanted: number): number {
  const distances = new Map(coreCounts.map((count, k) => [k, Math.abs(count - wanted)]));
  return lowest(distances) ?? 0;
}

/** The same setting at the core count at `position`; empty where the space lacks it. */
function withCores(encoded: EncodedSpace, configuration: number, position: number): number[] {
  const setting = encoded.settingOf[configuration];
  const found = encoded.coreOf.findIndex(
    (core, candidate) => core === position && encoded.settingOf[candidate] === setting,
  );
  return found < 0 ? [] : [found];
}

/**
 * Configurations that differ in this knob only. A knob that is inert on one side may differ too: it
 * comes or goes with the value of another.
 */
function knobNeighbours(encoded: EncodedSpace, factor: number): Neighbours {
  return (configuration) => {
    const from = encoded.settingOf[configuration] ?? 0;
    const core = encoded.coreOf[configuration];
    const seen = new Set<number>();
    const neighbours: number[] = [];
    encoded.settingOf.forEach((setting, candidate) => {
      if (encoded.coreOf[candidate] !== core || !differsOnlyIn(encoded, factor, from, setting))
        return;
      const level = encoded.factors[factor]?.levelOf[setting] ?? -1;
      if (seen.has(level)) return;
      seen.add(level);
      neighbours.push(candidate);
    });
    return neighbours;
  };
}

function differsOnlyIn(encoded: EncodedSpace, factor: number, a: number, b: number): boolean {
  return encoded.factors.every(({ levelOf }, position) => {
    const [levelA, levelB] = [levelOf[a] ?? -1, levelOf[b] ?? -1];
    if (position === factor) return levelA !== levelB && levelA >= 0 && levelB >= 0;
    return levelA === levelB || levelA < 0 || levelB < 0;
  });
}
