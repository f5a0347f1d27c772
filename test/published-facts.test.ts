import { describe, expect, test } from "vitest";
import { type Fact, missing, readFacts } from "./blog/kit.ts";
import * as batch from "./blog/part1-batch.ts";
import * as other from "./blog/part1-other.ts";
import * as knobs from "./blog/part2-knobs.ts";
import * as scaling from "./blog/part2-scaling.ts";
import * as search from "./blog/part2-search.ts";

/** Every published fact, derived by the product's own import and analysis. */
const derivations: Readonly<Record<string, () => unknown>> = {
  rows: scaling.rowsAndGaps,
  "p2.socket_verdict_counts": scaling.socketVerdictCounts,
  "p2.cross_socket_ratio": scaling.crossSocketRatios,
  "p2.speedup_1_to_40": scaling.speedUps,
  "p2.per_core_rate_80_vs_40": scaling.perCoreRates,
  "p2.best_cores": scaling.bestCores,
  "p2.core_monotonicity": scaling.coreMonotonicity,
  "p2.duplicate_cells": search.duplicateCells,
  "p2.allocator_ratio": knobs.allocatorRatios,
  "p2.verdict_by_allocator": knobs.verdictsByAllocator,
  "p2.openmp_gain": knobs.openmpGains,
  "p2.verdict_by_openmp": knobs.verdictsByOpenmp,
  "p2.bimodal_suspicion": knobs.bimodalSuspicion,
  "p2.config_count": search.configCount,
  "p2.tuning_gap": search.tuningGap,
  "p2.brute_force_bound": search.bruteForceBound,
  "p2.sixteen_core_claim": search.sixteenCoreClaim,
  "p1.unit_trap_draft": batch.unitTrapDraft,
  "p1.unit_trap_published": batch.unitTrapPublished,
  "p1.quantised_throughput": batch.quantisedThroughput,
  "p1.latency_throughput_check": batch.latencyThroughputCheck,
  "p1.optimal_instances": batch.optimalInstances,
  "p1.superlinear_two_instances": batch.superlinear,
  "p1.run_to_run": batch.runToRun,
  "p1.monotonicity_outlier": other.monotonicityOutlier,
  "p1.smt": other.smt,
  "p1.core_count_verdict": other.coreCountVerdict,
  "p1.cost": other.cost,
  "p1.command_width": other.commandWidth,
  "p1.topology_text": other.topologyText,
};

/** The facts' own tolerance where they state no other. */
const common = 0.001;

/** Equal but for numbers, which may differ by the fact's tolerance; the place of the first difference. */
function difference(
  found: unknown,
  wanted: unknown,
  tolerance: Fact["tolerance"],
  at = "",
): string | null {
  if (typeof wanted === "number" && typeof found === "number") {
    const key = at.split(".")[1] ?? "";
    const most = typeof tolerance === "object" ? (tolerance[key] ?? common) : (tolerance ?? common);
    return Math.abs(found - wanted) <= most + 1e-9 ? null : `${at}: ${found}, not ${wanted}`;
  }
  if (
    typeof wanted !== "object" ||
    wanted === null ||
    typeof found !== "object" ||
    found === null
  ) {
    return found === wanted
      ? null
      : `${at}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`;
  }
  const [left, right] = [Object.entries(found), Object.entries(wanted)];
  if (left.length !== right.length) return `${at}: ${left.length} members, not ${right.length}`;
  for (const [key, value] of right) {
    const own = (found as Readonly<Record<string, unknown>>)[key];
    const deeper = difference(own, value, tolerance, `${at}.${key}`);
    if (deeper !== null) return deeper;
  }
  return null;
}

describe.skipIf(missing !== null)(
  `published facts${missing === null ? "" : ` (skipped: ${missing})`}`,
  () => {
    test("there are thirty, and every one has its derivation", () => {
      expect(readFacts().map(({ id }) => id)).toEqual(Object.keys(derivations));
      expect(readFacts()).toHaveLength(30);
    });

    test.each(readFacts())("$id", ({ id, expected, tolerance }) => {
      expect(difference(derivations[id]?.(), expected, tolerance)).toBeNull();
    });
  },
);
