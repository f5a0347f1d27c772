import type { PlannedCell } from "../../../shared/domain/log-event.ts";
import { countOf } from "../../../shared/domain/text-layout.ts";
import { isSettled } from "../../tuner/stopping.ts";
import { strategies } from "../../tuner/strategies.ts";
import type { Strategy } from "../../tuner/strategy.ts";
import type { Study } from "../../tuner/study.ts";
import type { Prior } from "./prior.ts";
import { isVoid } from "./trial-value.ts";
import type { TuneState } from "./tune-state.ts";
import { tuneStudy } from "./tune-study.ts";

/** What a tune should do next: a trial on a host, its end, or nothing for now. */
export type NextStep =
  | {
      readonly step: "trial";
      readonly number: number;
      readonly hostId: string;
      /** Hosts that measured the untuned settings too, and may take the trial over. */
      readonly movableTo: readonly string[];
      readonly cell: PlannedCell;
    }
  | { readonly step: "end"; readonly reason: string }
  | { readonly step: "wait" };

export interface TuneMoment {
  /** Since the tune was submitted. */
  readonly elapsedMs: number;
  /** Whether the host takes work now. */
  readonly isReady: (hostId: string) => boolean;
}

const wait: NextStep = { step: "wait" };

/**
 * The next step of a tune, a function of the log and of which hosts are there. On one host the same
 * results give the same trials, whoever asks and however often the asking was interrupted.
 */
export function nextStep(state: TuneState, moment: TuneMoment, prior: Prior | null): NextStep {
  const { calibrations, trials, plan } = state;
  if (state.ended !== null || calibrations.some(({ state: at }) => at === "running")) return wait;
  const usable = calibrations.filter(({ state: at }) => at === "ok").map(({ hostId }) => hostId);
  const running = trials.filter(({ state: at }) => at === "running");
  if (usable.length === 0)
    return { step: "end", reason: "no host could measure the untuned settings" };
  const spent = spentBudget(state, moment);
  if (spent !== null) return running.length > 0 ? wait : { step: "end", reason: spent };
  const hostId = usable.find(
    (host) => moment.isReady(host) && running.every((trial) => trial.hostId !== host),
  );
  if (hostId === undefined) return wait;
  const { study } = tuneStudy(state, prior);
  if (
    plan.settings.stopEarly &&
    plan.settings.strategy === "gaussian-process" &&
    isSettled(study)
  ) {
    const reason = "another trial promises less than 0.05 %";
    return running.length > 0 ? wait : { step: "end", reason };
  }
  const configuration = strategyOf(plan.settings.strategy).suggest(study);
  const cell = configuration === null ? undefined : cellOf(state, study, configuration);
  const movableTo = usable.filter((other) => other !== hostId);
  if (cell !== undefined)
    return { step: "trial", number: trials.length + 1, hostId, movableTo, cell };
  return running.length > 0 ? wait : { step: "end", reason: "every configuration was tried" };
}

/** A host that is disturbed all the time, or does not tell the objective, is found out so soon. */
const mostVoidTrials = 8;

function spentBudget(state: TuneState, { elapsedMs }: TuneMoment): string | null {
  const { plan, trials } = state;
  const { settings } = plan;
  const ended = trials.filter(({ state: at }) => at !== "running");
  if (ended.length >= mostVoidTrials && ended.every((trial) => isVoid(trial, state))) {
    return `the first ${ended.length} trials have no launch that can be used`;
  }
  if (trials.length >= settings.trials)
    return `the budget of ${countOf(settings.trials, "trial")} is spent`;
  if (settings.minutes === null || elapsedMs < settings.minutes * 60_000) return null;
  return `the budget of ${settings.minutes} minutes is spent`;
}

export function strategyOf(name: string): Strategy {
  const found = strategies.find((strategy) => strategy.name === name);
  if (found === undefined) throw new Error(`no strategy is called ${name}`);
  return found;
}

export function cellOf(
  state: TuneState,
  study: Study,
  configuration: number,
): PlannedCell | undefined {
  const [position] = study.space.configurations[configuration]?.cells ?? [];
  return position === undefined ? undefined : state.candidates[position];
}
