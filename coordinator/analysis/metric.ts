/** What a {@link Metric} counts. */
export type Unit = "ns" | "samples/s" | "ratio" | "share" | "cores" | "bytes";

/**
 * A figure with its 95 % interval, or null with the reason why there is none: absent is not zero. `n` are
 * the launches (or pairs of launches, or hosts) that it rests on; with fewer than two the bounds are null.
 */
export type Metric =
  | {
      readonly value: number;
      readonly low: number | null;
      readonly high: number | null;
      readonly n: number;
      readonly unit: Unit;
    }
  | { readonly value: null; readonly reason: string; readonly unit: Unit };

/** What a verdict or a comparison is about. */
export type Objective = "latency" | "throughput";
