import type { LogState, Sweep } from "../shared/domain/fold.ts";
import type { LogEvent } from "../shared/domain/log-event.ts";
import { confirmationId, tuneShards } from "../shared/domain/tune.ts";
import { contestCells, contestMethod, contestOf } from "./logic/tune/confirmation.ts";
import { nextStep } from "./logic/tune/next-trial.ts";
import type { Prior } from "./logic/tune/prior.ts";
import { type TuneState, tuneState } from "./logic/tune/tune-state.ts";
import { warmPrior } from "./logic/tune/warm-start.ts";
import type { Proposals } from "./proposals.ts";

export interface TuneDriverDeps {
  readonly state: LogState;
  readonly proposals: Pick<Proposals, "propose" | "isPending">;
  readonly isReady: (hostId: string) => boolean;
  readonly nowMs: () => number;
}

/**
 * Proposes the next trial of every open tune, and the last comparison of those that ended. It
 * remembers nothing: a proposal that another coordinator made first changes nothing.
 */
export class TuneDriver {
  readonly #deps: TuneDriverDeps;
  /** Earlier tunes never change once they ended, so their models are made once. */
  readonly #priors = new Map<string, Prior | null>();
  /** Ended tunes that have nothing to compare. */
  readonly #over = new Set<string>();

  constructor(deps: TuneDriverDeps) {
    this.#deps = deps;
  }

  considerAll(): void {
    for (const sweep of this.#deps.state.sweeps.values()) this.consider(sweep);
  }

  consider(sweep: Sweep): void {
    if (sweep.phase === "cancelled" || (sweep.submitted?.tune ?? null) === null) return;
    if (sweep.tuned === null) this.#search(sweep);
    else this.#confirm(sweep);
  }

  /** The model of the tune that this one starts from; null for none. */
  priorOf(state: TuneState): Prior | null {
    const { warmStart } = state.plan.settings;
    if (warmStart === null) return null;
    const known = this.#priors.get(state.sweepId);
    if (known !== undefined) return known;
    const sweep = this.#deps.state.sweeps.get(warmStart);
    const earlier = sweep === undefined ? null : tuneState(sweep);
    const prior = earlier === null ? null : warmPrior(earlier, state);
    this.#priors.set(state.sweepId, prior);
    return prior;
  }

  #search(sweep: Sweep): void {
    const { sweepId, phase, submitted } = sweep;
    const key = `tune.${sweepId}`;
    if (phase !== "open" || this.#deps.proposals.isPending(key)) return;
    const state = tuneState(sweep);
    if (state === null) return;
    const elapsedMs = this.#deps.nowMs() - (submitted?.submittedAtMs ?? 0);
    const moment = { elapsedMs, isReady: this.#deps.isReady };
    const next = nextStep(state, moment, this.priorOf(state));
    if (next.step === "end") {
      this.#deps.proposals.propose({ type: "tuned", sweepId, reason: next.reason }, key);
    } else if (next.step === "trial") {
      const { hostId, movableTo, number, cell } = next;
      const shardId = tuneShards.trial(number);
      const trial = {
        type: "planned",
        sweepId,
        shardId,
        hostId,
        movableTo,
        cells: [cell],
      } as const;
      this.#deps.proposals.propose(trial, key);
    }
  }

  /** Submits the comparison as a sweep of its own, unless it has been. */
  #confirm(sweep: Sweep): void {
    const sweepId = confirmationId(sweep.sweepId);
    const known = this.#deps.state.sweeps.get(sweepId);
    const key = `tune.${sweepId}`;
    const submitted = known !== undefined && known.phase !== "planning";
    if (submitted || this.#over.has(sweepId) || this.#deps.proposals.isPending(key)) return;
    const [next] = this.#confirmation(sweep, known);
    if (next === undefined) this.#over.add(sweepId);
    else this.#deps.proposals.propose(next, key);
  }

  /** What is still missing of the comparison, in order. */
  #confirmation(sweep: Sweep, known: Sweep | undefined): readonly LogEvent[] {
    const state = tuneState(sweep);
    const { submitted } = sweep;
    if (state === null || submitted === null) return [];
    const launches = state.plan.settings.confirmLaunches;
    const contest = launches === 0 ? null : contestOf(state, this.priorOf(state));
    const cells = contest === null ? [] : contestCells(contest);
    if (cells.length < 2) return [];
    const sweepId = confirmationId(sweep.sweepId);
    const hosts = state.calibrations.filter(({ state: at }) => at === "ok");
    const shards = hosts.map(({ hostId }, host): LogEvent & { shardId: string } => {
      const shardId = tuneShards.calibration(host + 1);
      return { type: "planned", sweepId, shardId, hostId, movableTo: [], cells };
    });
    const missing = shards.filter(({ shardId }) => known?.shards.has(shardId) !== true);
    if (missing.length > 0) return missing;
    return [
      {
        ...submitted,
        sweepId,
        name: `${submitted.name}-confirm`,
        shardCount: shards.length,
        cellCount: shards.length * cells.length,
        method: contestMethod(submitted.method, launches),
        submittedAtMs: this.#deps.nowMs(),
        tune: null,
      },
    ];
  }
}
