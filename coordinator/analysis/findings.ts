import type { Cell } from "../../shared/domain/cell.ts";
import type { CanaryFinding } from "./canary-finding.ts";
import type { AxisMean, Change } from "./comparison.ts";
import type { Metric, Objective } from "./metric.ts";

/** The structure of findings as JSON; a change that breaks readers gets another number. */
export const findingsSchema = "fleetsweep-findings/1";

/**
 * What the counted launches of a sweep say about placements, knobs and hosts. Plain data: it survives JSON
 * as it is, and every reader (table, picture, program) draws from it alone.
 */
export interface Findings {
  readonly schema: typeof findingsSchema;
  /** Differences within it are none to the verdicts: 0.01 is 1 %. */
  readonly margin: number;
  readonly hosts: readonly FoundHost[];
  /** Scaling of each workload under each setting, of every host, then of every class with several. */
  readonly studies: readonly Study[];
  /** For each workload and objective: which placement, and on which knobs that depends. */
  readonly verdicts: readonly PlacementVerdict[];
  /** What a knob changes at equal placement, and whether that depends on another axis. */
  readonly interactions: readonly Interaction[];
  readonly classes: readonly ClassFindings[];
  /** Host classes against each other, such as one generation of machines against the next. */
  readonly classPairs: readonly ClassPair[];
  /** What the canaries of each host say; empty for a sweep without. */
  readonly canaries: readonly CanaryFinding[];
  readonly anomalies: readonly Anomaly[];
}

/** Whom a finding is about: one host, or all hosts of a class together. */
export interface Scope {
  readonly kind: "host" | "class";
  /** The host's id, or the class's. */
  readonly id: string;
  readonly hostIds: readonly string[];
}

export interface FoundHost {
  readonly hostId: string;
  /** Hosts whose fingerprints agree; null where the host's facts are not known. */
  readonly classId: string | null;
  /** CPU model as the host writes it. */
  readonly cpu: string | null;
  /** Usable cores of each package, in order; null where the host does not say. */
  readonly coresPerPackage: readonly number[] | null;
  /** Usable cores of each NUMA node, by package: sub-NUMA clustering has several a package. */
  readonly coresPerNumaNode: readonly (readonly number[])[] | null;
  readonly facets: readonly { readonly name: string; readonly value: string }[];
}

/**
 * One workload (runner, mode, model, batch size, sequence length and arrival) under one setting (dtype, knobs
 * and the runner's own parameters) in one scope: everything but the placement is the same.
 */
export interface Study {
  readonly scope: Scope;
  readonly workload: Cell;
  readonly setting: Cell;
  /** One instance, one thread a core, inside one package, by cores; and then across packages. */
  readonly curve: readonly CorePoint[];
  /** The fewest cores measured inside one package: what speed-ups are relative to. Null without a curve. */
  readonly baseCores: number | null;
  readonly fits: Fits;
  readonly metrics: readonly ScalingMetric[];
}

export interface CorePoint {
  readonly cores: number;
  /** Packages that the instance's cores lie on. */
  readonly packages: number;
  readonly placement: string;
  readonly cellId: string;
  readonly latencyNs: Metric;
  readonly samplesPerSecond: Metric;
  /** S(c) = T(base)/T(c), and E(c) = S(c) · base/c. */
  readonly speedUp: Metric;
  readonly efficiency: Metric;
  /** ε = (1/S − 1/p)/(1 − 1/p) with p = c/base: rising is overhead, flat is serial work. */
  readonly karpFlatt: Metric;
  /** (S(c₂) − S(c₁)) · base/(c₂ − c₁) against the point before in the same package; negative is retrograde. */
  readonly marginalEfficiency: Metric;
  /** What the fitted law says at this number of cores, the crossing factor included. */
  readonly fittedSamplesPerSecond: number | null;
}

/** Laws fitted in log space inside one package; a crossing is a factor of its own, never part of the law. */
export interface Fits {
  readonly amdahl: Fit<"serialShare" | "rate">;
  readonly usl: Fit<"contention" | "coherency" | "rate">;
  /** Which of the two the data support; null where neither was fitted. */
  readonly preferred: "amdahl" | "usl" | null;
  /** Cores at which the law is fastest; null with the reason where the data do not support a peak. */
  readonly peakCores: Metric;
  /** Cores from which a doubling brings less than half of what it could; null with its reason. */
  readonly kneeCores: Metric;
  /** Measured against fitted latency of the points across packages; above 1 the crossing costs time. */
  readonly crossingFactor: Metric;
}

export type Fit<Parameter extends string> =
  | {
      readonly parameters: Readonly<Record<Parameter, Metric>>;
      /** Root mean square of the residuals' logarithms: 0.02 is 2 %. */
      readonly residual: number;
      readonly points: number;
    }
  | { readonly parameters: null; readonly reason: string };

export type MetricName =
  | "across-socket-speed-up"
  | "tuned-across-socket-speed-up"
  | "second-socket-efficiency"
  | "cross-socket-penalty"
  | "remote-memory-penalty"
  | "per-socket-aggregate"
  | "per-socket-balance"
  | "instance-advantage"
  | "instance-latency-cost"
  | "interference"
  | "smt-yield"
  | "smt-latency-ratio"
  | "locality"
  | "weak-scaling-efficiency"
  | "batch-split-speed-up"
  | "batch-split-gain";

/** One of the defined metrics; `at` says where a study has it more than once: cores, instances, placement. */
export interface ScalingMetric {
  readonly name: MetricName;
  readonly at: Cell;
  readonly figure: Metric;
  /** The cells that it rests on: those of the numerator, then those of the denominator. */
  readonly cellIds: readonly string[];
}

/** Where one workload's cells should run. */
export type Decision =
  | "one-socket"
  | "all-sockets"
  | "per-socket"
  | "no-difference"
  | "not-enough-data";

/** Never a lone winner: `bySetting` says under which knobs, and `conditionalOn` which of them decide. */
export interface PlacementVerdict {
  readonly scope: Scope;
  readonly workload: Cell;
  readonly objective: Objective;
  /** What all settings agree on; null where they do not, and where there is one package only. */
  readonly decision: Decision | null;
  readonly reason: string;
  /** Axes of the settings whose values give opposite decisions; empty where none does. */
  readonly conditionalOn: readonly string[];
  /** Axes that had one value only, so that nothing is known of others: the verdict holds for these. */
  readonly holdsFor: Cell;
  readonly bySetting: readonly SettingVerdict[];
}

export interface SettingVerdict {
  readonly setting: Cell;
  readonly decision: Decision | null;
  readonly reason: string;
  /** What the values alone say, whatever their doubt: never a verdict. Null where nothing is to compare. */
  readonly leaning: Decision | null;
  /** The best cell of each way to use the packages, best first. */
  readonly candidates: readonly Candidate[];
}

export interface Candidate {
  readonly placement: "one-socket" | "all-sockets" | "per-socket";
  readonly cell: Cell;
  readonly cellId: string;
  readonly figure: Metric;
  /** Paired ratio of this candidate to the best, above 1 is worse; null value for the best itself. */
  readonly worseBy: Metric;
  /** Holm-adjusted p of that ratio against 1; null where it cannot be tested. */
  readonly p: number | null;
}

/** Effect of one axis of the setting, and how it changes with another axis. */
export interface Interaction {
  readonly scope: Scope;
  readonly workload: Cell;
  /** The axis whose effect is described, with the two values that are compared. */
  readonly axis: string;
  readonly from: string;
  readonly to: string;
  /** The axis on which the effect depends; `placement` stands for all axes of the placement. */
  readonly across: string;
  /** What is the same in all of them, beside the workload. */
  readonly fixed: Cell;
  /** T(from)/T(to) at each value of `across`: above 1 the second value is faster. */
  readonly effects: readonly { readonly at: string; readonly speedUp: Metric }[];
  /** Largest over smallest effect; 1 is no interaction. */
  readonly strength: Metric;
  /** Whether the effect changes its direction beyond the margin. */
  readonly opposite: boolean;
}

export interface ClassFindings {
  /** `class`: hosts that agree in every facet. `hardware`: hosts of one CPU model and shape, of several classes. */
  readonly kind: "class" | "hardware";
  readonly classId: string;
  readonly hostIds: readonly string[];
  /** Null where there are fewer than five hosts or too few launches. */
  readonly variance: VarianceComponents | { readonly value: null; readonly reason: string };
  readonly ladder: readonly HostOffset[];
}

/** Two classes over the cells that both measured. */
export interface ClassPair {
  readonly classes: readonly [a: ComparedClass, b: ComparedClass];
  readonly cells: number;
  /** Geometric mean of T(b)/T(a): above 1 the second is slower. */
  readonly ratio: Metric;
  /** The same over the cells with each value of each axis that varies. */
  readonly means: readonly AxisMean[];
  /** How many cells changed from a to b, with false-discovery control. */
  readonly counts: Readonly<Record<Change, number>>;
}

export interface ComparedClass {
  readonly classId: string;
  readonly cpu: string | null;
  readonly hostIds: readonly string[];
}

/** Standard deviations of the logarithms: 0.02 is 2 %. */
export interface VarianceComponents {
  readonly value: number;
  /** Between hosts, between launches of a host. */
  readonly hostSd: number;
  readonly launchSd: number;
  /** Share of the variance that lies between hosts. */
  readonly icc: number;
  readonly cells: number;
  readonly hosts: number;
}

/** How far a host's latencies lie from its class's. */
export interface HostOffset {
  readonly hostId: string;
  /** Median over cells of T(host)/T(class median): 1.05 is 5 % slower. */
  readonly ratio: Metric;
  /** Modified z score among the hosts of the class; null with fewer than six hosts. */
  readonly score: number | null;
  /** Share of cells that deviate in the same direction. */
  readonly agreement: number;
  readonly outlier: boolean;
  /** Facets in which the host differs from most of its class, or why none is known. */
  readonly differs: readonly {
    readonly name: string;
    readonly value: string;
    readonly others: string;
  }[];
}

export type AnomalyKind =
  | "non-monotone"
  | "bimodal"
  | "spikes"
  | "drift"
  | "canary-drift"
  | "slow-period"
  | "missing"
  | "failed"
  | "host-outlier"
  | "opposite-verdict"
  | "superlinear";

/** Something in the results that deserves a look before a figure is used. */
export interface Anomaly {
  readonly kind: AnomalyKind;
  readonly hostId: string | null;
  readonly cellIds: readonly string[];
  readonly message: string;
  /** How strong it is, for sorting: larger is worse; comparable within one kind only. */
  readonly score: number;
}
