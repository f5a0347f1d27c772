import { expectedGain, expectedImprovement } from "./acquisition.ts";
import { designedStart, designSize } from "./design.ts";
import { type Fit, fitHyperparameters } from "./fit.ts";
import { at } from "./linear-algebra.ts";
import type { Visits } from "./observed-space.ts";
import { conditionOn, type Posterior } from "./posterior.ts";
import type { Strategy } from "./strategy.ts";
import { isOpen, knownConfigurations, lowest, observedMeans, type Study } from "./study.ts";

/** Configurations whose gain is computed exactly; beyond them the screening scores are negligible. */
const limits = { newCandidates: 40, incumbents: 15 } as const;

/**
 * Bayesian optimisation over the enumerated space: a designed start, then the trial that is expected to
 * lower the recommendation's value most. It may be a new configuration, screened by expected improvement
 * on the model's incumbent, or one of the best known, for a second look is often worth more.
 */
export const gaussianProcess: Strategy = {
  name: "gaussian-process",
  summary: "a model of all configurations chooses the trial that promises most",
  suggest(study) {
    const start = nextOfStart(study);
    if (start !== null) return start;
    const model = fitStudy(study);
    if (model === null) return lowest(new Map(openConfigurations(study).map((k) => [k, k])));
    return rankCandidates(study, withPendingBelieved(study, model))[0]?.configuration ?? null;
  },
  recommend(study) {
    const measured = [...observedMeans(study).keys()];
    const posterior = studyPosterior(study);
    if (posterior === null) return null;
    return lowest(new Map(measured.map((k) => [k, at(posterior.mean, k)])));
  },
};

/** The model's belief of every configuration, by all successful observations; null without any. */
export function studyPosterior(study: Study): Posterior | null {
  const fit = fitStudy(study);
  return fit === null ? null : addPrior(conditionOn(study.encoded, fit), study.prior);
}

export interface Candidate {
  readonly configuration: number;
  /** Expected decrease of the recommendation's log value: 0.002 is 0.2 %. */
  readonly gain: number;
}

/** The open configurations that one more trial is worth most at, best first. */
export function rankCandidates(study: Study, posterior: Posterior): Candidate[] {
  const known = knownConfigurations(study);
  const open = openConfigurations(study);
  const incumbents = ascending([...known], (k) => at(posterior.mean, k)).slice(
    0,
    limits.incumbents,
  );
  const best = at(posterior.mean, incumbents[0] ?? 0);
  const improvement = (k: number): number =>
    expectedImprovement(best, at(posterior.mean, k), at(posterior.variance, k));
  const fresh = ascending(
    open.filter((k) => !known.has(k)),
    (k) => -improvement(k),
  ).slice(0, limits.newCandidates);
  const isOpenNow = new Set(open);
  const candidates = [...incumbents.filter((k) => isOpenNow.has(k)), ...fresh].map(
    (configuration) => ({
      configuration,
      gain: visitGain(posterior, incumbents, configuration),
    }),
  );
  return candidates.sort((a, b) => b.gain - a.gain);
}

/**
 * The knowledge gradient of one more visit, where only visited configurations may be recommended: a
 * visit to a new one also makes it eligible.
 */
function visitGain(posterior: Posterior, incumbents: readonly number[], visited: number): number {
  const eligible = incumbents.includes(visited) ? incumbents : [...incumbents, visited];
  const covariances = posterior.covariances(visited, Int32Array.from(eligible));
  const deviation = Math.sqrt(at(posterior.variance, visited) + posterior.noiseVariance);
  const beliefs = eligible.map((configuration, k) => ({
    mean: at(posterior.mean, configuration),
    shift: at(covariances, k) / deviation,
  }));
  const best = at(posterior.mean, incumbents[0] ?? 0);
  return expectedGain(beliefs) + Math.max(0, best - at(posterior.mean, visited));
}

/**
 * The designed start is walked in order; what failed on the way is not replaced, and trials that were
 * made otherwise count.
 */
function nextOfStart(study: Study): number | null {
  if (study.prior !== null) return nextOfWarmStart(study, study.prior);
  const known = knownConfigurations(study);
  if (known.size >= designSize) return null;
  const neverFull = (k: number): boolean => (study.visitLimits[k] ?? 1) > 0;
  const start = designedStart(study.encoded, study.seed, neverFull);
  return start.find((configuration) => !known.has(configuration)) ?? null;
}

/** Trials of what an earlier study predicts to be best before the model chooses. */
const warmStartSize = 4;

/** The best predicted configurations that differ in more than their cores: one error is then not all. */
function nextOfWarmStart(study: Study, prior: Float64Array): number | null {
  const known = knownConfigurations(study);
  if (known.size >= warmStartSize) return null;
  const tried = new Set([...known].map((k) => study.encoded.settingOf[k]));
  const open = openConfigurations(study);
  const fresh = open.filter((k) => !tried.has(study.encoded.settingOf[k]));
  const choice = fresh.length > 0 ? fresh : open.filter((k) => !known.has(k));
  return lowest(new Map(choice.map((k) => [k, at(prior, k)])));
}

function addPrior(posterior: Posterior, prior: Float64Array | null): Posterior {
  if (prior === null) return posterior;
  return { ...posterior, mean: posterior.mean.map((value, k) => value + at(prior, k)) };
}

function openConfigurations(study: Study): number[] {
  const all = Array.from({ length: study.encoded.size }, (_, configuration) => configuration);
  return all.filter(isOpen(study));
}

function fitStudy(study: Study): Fit | null {
  const successes = study.observations.flatMap(({ configuration, value, launches = 1 }) =>
    value === null ? [] : [{ configuration, value, launches }],
  );
  if (successes.length === 0) return null;
  return fitHyperparameters(study.encoded, {
    configurations: Int32Array.from(successes, ({ configuration }) => configuration),
    values: Float64Array.from(
      successes,
      ({ value, configuration }) => Math.log(value) - (study.prior?.[configuration] ?? 0),
    ),
    noiseFactors: Float64Array.from(successes, ({ launches }) => 1 / launches),
  });
}

/**
 * Running trials are taken to end as the model expects (the constant liar with the mean's lie of
 * Ginsbourger et al. 2010): they lower the variance there, and move no mean.
 */
function withPendingBelieved(study: Study, fit: Fit): Posterior {
  const posterior = conditionOn(study.encoded, fit);
  const pending = Int32Array.from(study.pending);
  if (pending.length === 0) return addPrior(posterior, study.prior);
  const { visits, whitened } = fit;
  const believed = Float64Array.from(pending, (configuration) => at(posterior.mean, configuration));
  const joined = joinVisits(visits, {
    configurations: pending,
    values: believed,
    noiseFactors: new Float64Array(pending.length).fill(1),
  });
  return addPrior(conditionOn(study.encoded, { whitened, visits: joined }), study.prior);
}

function joinVisits(a: Visits, b: Visits): Visits {
  return {
    configurations: Int32Array.of(...a.configurations, ...b.configurations),
    values: Float64Array.of(...a.values, ...b.values),
    noiseFactors: Float64Array.of(...a.noiseFactors, ...b.noiseFactors),
  };
}

function ascending(items: readonly number[], key: (item: number) => number): number[] {
  const keys = new Map(items.map((item) => [item, key(item)]));
  return [...items].sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
}
