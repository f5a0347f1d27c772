import type { AxisValue, Cell } from "../../../shared/domain/cell.ts";
import type { Objective, TuneSettings } from "../../../shared/domain/tune.ts";
import type { DefaultCost } from "../../tuner/default-cost.ts";
import type { VarianceShare } from "../../tuner/functional-anova.ts";

/** What a tune found, as data: `fleetsweep tune-report -o json` prints it. Values are in {@link units}. */
export interface TuneReport {
  readonly sweepId: string;
  readonly name: string;
  readonly state: "running" | "done" | "cancelled";
  /** Why no further trial follows; null while the tune goes on. */
  readonly ended: string | null;
  readonly settings: TuneSettings;
  readonly hostIds: readonly string[];
  /** Distinct configurations to choose from. */
  readonly configurations: number;
  readonly knobs: readonly string[];
  readonly untuned: SettingValue;
  readonly trials: readonly TrialRow[];
  readonly recommended: Recommendation | null;
  readonly confirmation: Confirmation | { readonly absent: string };
  readonly importance: Importance | { readonly absent: string };
  /** Trials that no other beats in both objectives; empty for one objective. */
  readonly pareto: readonly number[];
  /** What to know about how the search went. */
  readonly notes: readonly string[];
  readonly bruteForce: BruteForceComparison | null;
}

/** Of values as the report shows them. */
export const units: Readonly<Record<Objective, string>> = {
  latency: "ms",
  throughput: "samples/s",
  energy: "J/sample",
};

export interface SettingValue {
  readonly cell: Cell;
  /** By objective; null where it was not measured. */
  readonly values: readonly (number | null)[];
}

export interface TrialRow extends SettingValue {
  /** From 1. */
  readonly trial: number;
  readonly hostId: string;
  /** `void`: measured, but no launch can be used. */
  readonly state: "running" | "ok" | "failed" | "void";
  readonly p99Ms: number | null;
  /** Best of the first objective so far; null before the first success. */
  readonly best: number | null;
}

export interface Recommendation extends SettingValue {
  /** The model's belief of the first objective, noise taken out; null without a model. */
  readonly predicted: number | null;
  /** For a shell, one line an instance. */
  readonly settings: readonly string[];
}

/** The last comparison: both sides measured anew, in turns. */
export interface Confirmation {
  readonly sweepId: string;
  readonly launches: number;
  readonly winner: "recommended" | "runner-up";
  readonly settings: Cell;
  /** How many times better than the untuned settings; above 1 is better. */
  readonly gain: Interval;
}

export interface Interval {
  readonly value: number;
  /** Of the 95 % interval; null for fewer than two pairs of launches. */
  readonly low: number | null;
  readonly high: number | null;
  readonly pairs: number;
}

export interface Importance {
  readonly variance: readonly VarianceShare[];
  readonly defaults: readonly DefaultCost[];
  readonly slices: readonly KnobSlice[];
  /** The largest first. */
  readonly interactions: readonly PairInteraction[];
}

/** The best that the model expects at each value of a knob, the others free, over the best of all. */
export interface KnobSlice {
  readonly knob: string;
  readonly levels: readonly { readonly value: AxisValue; readonly cost: number }[];
}

/** Share of the variance that two knobs explain together and neither alone. */
export interface PairInteraction {
  readonly knobs: readonly [string, string];
  readonly share: number;
}

export interface BruteForceComparison {
  /** The tune or sweep that measured every configuration. */
  readonly sweepId: string;
  /** Configurations it measured, and those of them with a value that can be used. */
  readonly trials: number;
  readonly usable: number;
  readonly best: SettingValue;
  /** How much slower the recommendation was there than the best there; 0.01 is 1 %. */
  readonly gap: number;
}
