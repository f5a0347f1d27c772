import type { Cell } from "../../../shared/domain/cell.ts";
import { countOf } from "../../../shared/domain/text-layout.ts";
import { costOfDefaults } from "../../tuner/default-cost.ts";
import { functionalAnova } from "../../tuner/functional-anova.ts";
import { studyPosterior } from "../../tuner/gaussian-process.ts";
import type { Space } from "../../tuner/space.ts";
import type { Study } from "../../tuner/study.ts";
import type { Importance, KnobSlice, PairInteraction } from "./tune-report.ts";

/** Five trials a knob are what importances need at the least; with fewer knobs ten trials. */
const trialsPerKnob = 5;
const fewestTrials = 10;

/** What the model says of the knobs over the whole space, or why it says nothing yet. */
export function importanceOf(
  study: Study,
  untuned: Cell,
): Importance | { readonly absent: string } {
  const { space, observations } = study;
  const successes = observations.filter(({ value }) => value !== null).length;
  const needed = Math.max(fewestTrials, trialsPerKnob * space.knobs.length);
  if (successes < needed)
    return { absent: `${successes} of ${countOf(needed, "trial")} that it needs` };
  const posterior = studyPosterior(study);
  if (posterior === null) return { absent: "no model" };
  const defaults = nearestLevels(space, untuned);
  return {
    variance: functionalAnova(space, posterior.mean),
    defaults: costOfDefaults(space, posterior, { defaults, seed: study.seed }),
    slices: space.knobs.map(({ name }) => sliceOf(space, posterior.mean, name)),
    interactions: interactionsOf(space, posterior.mean),
  };
}

/** The untuned value of each knob, where the space has it; else of cores the most. */
function nearestLevels(space: Space, untuned: Cell): Cell {
  return Object.fromEntries(
    space.knobs.flatMap(({ name, kind }) => {
      const levels = levelsOf(space, name);
      const wanted = untuned[name];
      if (wanted !== undefined && levels.includes(wanted)) return [[name, wanted]];
      const largest = levels.at(-1);
      return kind === "cores" && largest !== undefined ? [[name, largest]] : [];
    }),
  );
}

function levelsOf(space: Space, knob: string) {
  const values = new Set(space.configurations.flatMap(({ values: cell }) => cell[knob] ?? []));
  return [...values].sort((a, b) => (a < b ? -1 : 1));
}

function sliceOf(space: Space, mean: Float64Array, knob: string): KnobSlice {
  const best = mean.reduce((lowest, value) => Math.min(lowest, value), Number.POSITIVE_INFINITY);
  const levels = levelsOf(space, knob).map((value) => {
    const costs = space.configurations.flatMap(({ values }, k) =>
      values[knob] === value ? [mean[k] ?? 0] : [],
    );
    return { value, cost: Math.exp(Math.min(...costs) - best) - 1 };
  });
  return { knob, levels };
}

/** Pairs that explain less than this share are not worth a line. */
const smallestInteraction = 0.005;

function interactionsOf(space: Space, mean: Float64Array): readonly PairInteraction[] {
  const mainOf = new Map(functionalAnova(space, mean).map(({ knob, main }) => [knob, main]));
  const names = space.knobs.map(({ name }) => name);
  const pairs = names.flatMap((a, k) => names.slice(k + 1).map((b) => [a, b] as const));
  const shares = pairs.map(([a, b]): PairInteraction => {
    const joint = jointShare(space, mean, [a, b]);
    return { knobs: [a, b], share: joint - (mainOf.get(a) ?? 0) - (mainOf.get(b) ?? 0) };
  });
  return shares
    .filter(({ share }) => share >= smallestInteraction)
    .sort((x, y) => y.share - x.share);
}

/** Var E[f | both knobs] / Var f, by making the pair one knob. */
function jointShare(space: Space, mean: Float64Array, [a, b]: readonly [string, string]): number {
  const name = `${a} and ${b}`;
  const joined: Space = {
    ...space,
    knobs: [{ kind: "choice", name }],
    cells: space.cells.map((cell) => ({
      [name]: JSON.stringify([cell[a] ?? null, cell[b] ?? null]),
    })),
  };
  return functionalAnova(joined, mean)[0]?.main ?? 0;
}
