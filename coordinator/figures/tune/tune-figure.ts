import { countOf } from "../../../shared/domain/text-layout.ts";
import { type TrialRow, type TuneReport, units } from "../../logic/tune/tune-report.ts";
import type { NoFigure } from "../figure-kind.ts";
import type { FigureSpec } from "../figure-spec.ts";

/** One picture that can be made of a tune. */
export interface TuneFigure {
  readonly name: string;
  /** The question that it answers, for lists. */
  readonly answers: string;
  /** The specification, or why there is nothing to draw: never an empty frame. */
  readonly specify: (report: TuneReport) => FigureSpec | NoFigure;
}

/** n, hosts and the search, for the notes of a figure. */
export function describeSearch({
  trials,
  hostIds,
  settings,
  configurations,
}: TuneReport): string[] {
  const measured = trials.filter(({ state }) => state === "ok").length;
  return [
    `n = ${measured} measured of ${countOf(trials.length, "trial")} among ${countOf(configurations, "configuration")}, by ${settings.strategy}, seed ${settings.seed}.`,
    `${hostIds.length === 1 ? "Host" : "Hosts"} ${hostIds.join(", ")}; values of several hosts are brought to their mean by the untuned settings.`,
  ];
}

/** Trials with a value of every objective. */
export function measuredTrials({ trials }: TuneReport): readonly MeasuredTrial[] {
  return trials.flatMap((row) => {
    const values = row.values.filter((value) => value !== null);
    return row.state === "ok" && values.length === row.values.length ? [{ row, values }] : [];
  });
}

export interface MeasuredTrial {
  readonly row: TrialRow;
  /** By objective, in its unit. */
  readonly values: readonly number[];
}

/** `latency (ms)`. */
export function objectiveLabel({ settings }: TuneReport, place: number): string {
  const objective = settings.objectives[place] ?? "latency";
  return `${objective} (${units[objective]})`;
}

/** A trial's knobs with their values. */
export function nameTrial({ trial, cell }: TrialRow, knobs: readonly string[]): string {
  const shown = knobs.filter((knob) => cell[knob] !== undefined);
  return `trial ${trial}: ${shown.map((knob) => `${knob}=${cell[knob]}`).join(" ")}`;
}
