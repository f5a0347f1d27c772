import type { EncodedSpace } from "./encoded-space.ts";
import { makeRandomSource, type RandomSource } from "./random.ts";

/** Trials before the model chooses. Six beat eight and five on the development tables. */
export const designSize = 6;

/** The smallest core count of the start over the largest: fewer cores are left to the model's slope. */
const smallestShare = 0.2;

/** An octave off the wanted core count weighs as much as this many uses of a knob's value. */
const octaveWeight = 12;
const overlapWeight = 0.15;
const tieWeight = 0.5;

/**
 * The first trials: all cores, all of one package, and log-spaced counts between, with the values of
 * each knob used equally often and few settings that have much in common. Seeded; configurations for
 * which `isAllowed` is false are left out.
 */
export function designedStart(
  encoded: EncodedSpace,
  seed: number,
  isAllowed: (configuration: number) => boolean,
): number[] {
  const random = makeRandomSource(seed);
  const chosen: number[] = [];
  for (const cores of wantedCores(encoded, random)) {
    let best: number | null = null;
    let bestScore = Number.POSITIVE_INFINITY;
    for (let candidate = 0; candidate < encoded.size; candidate += 1) {
      const chance = random.uniform();
      if (chosen.includes(candidate) || !isAllowed(candidate)) continue;
      const score = misfit(encoded, chosen, candidate, cores) + tieWeight * chance;
      if (score >= bestScore) continue;
      best = candidate;
      bestScore = score;
    }
    if (best !== null) chosen.push(best);
  }
  return chosen;
}

function wantedCores({ coreCounts, coreFeatures }: EncodedSpace, random: RandomSource): number[] {
  const largest = coreCounts.at(-1) ?? 1;
  const onePackage = coreCounts.filter((_, k) => coreFeatures.crossings[k] === 0).at(-1) ?? largest;
  const between = designSize - 2;
  const spaced = Array.from({ length: between }, (_, k) => {
    const jitter = 0.6 * (random.uniform() - 0.5);
    return Math.round(largest * smallestShare ** ((k + 0.5 + jitter) / between));
  });
  return [largest, onePackage, ...spaced];
}

/** Low for the wanted cores with knob values that were used little. */
function misfit(
  encoded: EncodedSpace,
  chosen: readonly number[],
  candidate: number,
  cores: number,
): number {
  const count = encoded.coreCounts[encoded.coreOf[candidate] ?? 0] ?? 1;
  let score = octaveWeight * Math.abs(Math.log2(count / cores));
  for (const { levelOf, values } of encoded.factors) {
    const uses = values.map((_, level) => usesOf(encoded, levelOf, level, chosen));
    const level = levelOf[encoded.settingOf[candidate] ?? 0] ?? -1;
    score += level < 0 ? Math.min(...uses) / 2 : (uses[level] ?? 0);
  }
  for (const other of chosen) {
    const shared = encoded.factors.filter(
      ({ levelOf }) =>
        levelOf[encoded.settingOf[other] ?? 0] === levelOf[encoded.settingOf[candidate] ?? 0],
    ).length;
    score += overlapWeight * shared * shared;
  }
  return score;
}

function usesOf(
  encoded: EncodedSpace,
  levelOf: Int32Array,
  level: number,
  chosen: readonly number[],
): number {
  return chosen.filter((other) => levelOf[encoded.settingOf[other] ?? 0] === level).length;
}
