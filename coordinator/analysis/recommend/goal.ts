import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { countOf } from "../../../shared/domain/text-layout.ts";
import { type ByLaunch, byLaunch } from "../../../shared/stats/log-estimate.ts";
import { allowsPercentile, percentileMinima } from "../../../shared/stats/percentile-guard.ts";
import type { PlacedCell } from "../findings/select-cells.ts";
import type { Unit } from "../metric.ts";

/** What is to be good: a figure of each cell, and which cells may take part. */
export interface Goal {
  readonly text: string;
  readonly unit: Unit;
  /** 1 where more is better, −1 where less is. */
  readonly sign: 1 | -1;
  readonly values: (cell: PlacedCell) => ByLaunch;
  /** Whether it needs percentiles of calls. */
  readonly asksCalls: boolean;
  /** Why a cell cannot be chosen; null where it can. */
  readonly refuses: (cell: PlacedCell) => string | null;
}

const unitsNs: Readonly<Record<string, number>> = { us: 1e3, µs: 1e3, ms: 1e6, s: 1e9 };

/**
 * `latency`, `throughput`, `cost` (samples per second of a core), or `p99<=20ms`: the most samples per second
 * whose percentile keeps the bound.
 * @throws FleetsweepError config.invalid
 */
export function parseGoal(text: string): Goal {
  const always = { text, asksCalls: false, refuses: () => null };
  if (text === "latency") {
    return { ...always, unit: "ns", sign: -1, values: ({ latencyNs }) => latencyNs };
  }
  const rates = { unit: "samples/s", sign: 1 } as const;
  if (text === "throughput") return { ...always, ...rates, values: (c) => c.samplesPerSecond };
  if (text === "cost") return { ...always, ...rates, values: perCore };
  const bound = /^p(50|90|95|99|99\.9)<=(\d+(?:\.\d+)?)(us|µs|ms|s)$/.exec(
    text.replaceAll(" ", ""),
  );
  const [, percentile, amount, unit = ""] = bound ?? [];
  if (percentile === undefined || amount === undefined) {
    const known = "latency, throughput, cost, or a bound such as p99<=20ms";
    throw new FleetsweepError("config.invalid", `no objective is called "${text}": ${known}`);
  }
  const limitNs = Number(amount) * (unitsNs[unit] ?? 1);
  return {
    text,
    asksCalls: true,
    ...rates,
    values: (cell) => cell.samplesPerSecond,
    refuses: (cell) => refuseSlow(cell, percentile, limitNs),
  };
}

function perCore({ samplesPerSecond, layout }: PlacedCell): ByLaunch {
  const rates = [...samplesPerSecond].map(
    ([launch, rate]) => [launch, rate / layout.cores] as const,
  );
  return byLaunch(rates, samplesPerSecond.chosen === true);
}

function refuseSlow({ source }: PlacedCell, percentile: string, limitNs: number): string | null {
  const { pooled } = source;
  const count = pooled?.count ?? 0;
  if (!allowsPercentile(Number(percentile), count)) {
    const least = percentileMinima.find((rule) => rule.percentile === Number(percentile));
    return `${countOf(count, "call")}, p${percentile} takes ${least?.minSamples}`;
  }
  const value = pooled?.percentilesNs?.[percentile];
  if (value === undefined) return `p${percentile} is not known`;
  return value <= limitNs ? null : `p${percentile} is ${(value / 1e6).toPrecision(4)} ms`;
}
