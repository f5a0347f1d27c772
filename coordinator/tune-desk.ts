import type { Log } from "../shared/bus/log.ts";
import type { Cell } from "../shared/domain/cell.ts";
import { FleetsweepError } from "../shared/domain/errors.ts";
import { hostClass } from "../shared/domain/fingerprint.ts";
import { tokenProblem } from "../shared/domain/ids.ts";
import { resolvePlacement } from "../shared/domain/resolve-placement.ts";
import { settingsLines } from "../shared/domain/settings-line.ts";
import { objectives } from "../shared/domain/tune.ts";
import { sha256 } from "../shared/runtime/random-id.ts";
import type { Coordinator } from "./coordinator.ts";
import type { Fleet } from "./fleet.ts";
import { bestSettings } from "./logic/tune/best-settings.ts";
import { buildTuneReport } from "./logic/tune/build-tune-report.ts";
import { tuneState } from "./logic/tune/tune-state.ts";
import type { TuneHub } from "./rpc/tune.ts";
import type { SweepSource } from "./submit.ts";
import { submitTune } from "./submit-tune.ts";
import { parseTuneOverrides } from "./sweep-file/tune-schema.ts";

export interface TuneDeskDeps {
  readonly coordinator: Coordinator;
  readonly fleet: Fleet;
  readonly log: Log;
  readonly nowMs: () => number;
  /** Aborts when the coordinator stops. */
  readonly signal: AbortSignal;
}

/** Answers what operators ask of tunes, from the fold alone. */
export class TuneDesk implements TuneHub {
  readonly #deps: TuneDeskDeps;

  constructor(deps: TuneDeskDeps) {
    this.#deps = deps;
  }

  async submit(sweepId: string, source: SweepSource, overridesJson: string) {
    const problem = tokenProblem(sweepId);
    if (problem !== undefined) {
      throw new FleetsweepError("sweep.invalid", `"${sweepId}" is no id for a tune: ${problem}`);
    }
    const { coordinator, fleet, log, nowMs, signal } = this.#deps;
    const { state } = coordinator;
    const overrides = parseTuneOverrides(overridesJson);
    if (state.sweeps.get(sweepId)?.submitted == null) {
      const submission = { sweepId, source, overrides, nowMs: nowMs() };
      const { seq } = await submitTune(submission, { log, fleet, state });
      await coordinator.folded(seq, signal);
    }
    const plan = state.sweeps.get(sweepId)?.submitted?.tune;
    if (plan != null) return { configurations: plan.candidateCount, hostIds: plan.hostIds };
    const why = "an earlier submission under this id wrote something else; submit under a new id";
    throw new FleetsweepError("sweep.invalid", `tune ${sweepId} was not taken: ${why}`);
  }

  report(sweepId: string): string {
    const { state, tunes } = this.#deps.coordinator;
    const sweep = state.sweeps.get(sweepId);
    const tune = sweep === undefined ? null : tuneState(sweep);
    if (sweep === undefined || tune === null) {
      const why = "`fleetsweep sweeps` lists what there is, and `fleetsweep report` shows sweeps";
      throw new FleetsweepError("sweep.not_found", `no tune ${sweepId}; ${why}`);
    }
    const [hostId = ""] = tune.plan.hostIds;
    const settingsOf = (cell: Cell): readonly string[] => this.#settingsOf(hostId, cell);
    const prior = tunes.priorOf(tune);
    return JSON.stringify(buildTuneReport({ sweep, state, prior, settingsOf }));
  }

  best(workload: Readonly<Record<string, string>>, wanted: string): string {
    const objective = objectives.find((name) => name === wanted);
    if (objective === undefined) {
      throw new FleetsweepError(
        "config.invalid",
        `no objective is called "${wanted}": ${objectives.join(", ")}`,
      );
    }
    const query = {
      workload,
      objective,
      classOf: (hostId: string) => this.#classOf(hostId),
      settingsOf: (hostId: string, cell: Cell) => this.#settingsOf(hostId, cell),
    };
    return JSON.stringify(bestSettings(this.#deps.coordinator.state, query));
  }

  /** A host that has not connected since the start is a class of its own. */
  #classOf(hostId: string): string {
    const facts = this.#deps.fleet.get(hostId)?.facts ?? null;
    return facts === null ? hostId : hostClass(facts.topology, {}, sha256);
  }

  #settingsOf(hostId: string, cell: Cell): readonly string[] {
    const facts = this.#deps.fleet.get(hostId)?.facts ?? null;
    const placement = facts === null ? null : resolvePlacement(facts.topology, cell);
    return settingsLines(cell, placement === null || "refused" in placement ? null : placement);
  }
}
