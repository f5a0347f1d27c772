import { expect, test } from "vitest";
import { terminalState } from "../agent/logic/adaptive-stop.ts";
import { compareSides } from "../coordinator/analysis/compare/compare-sides.ts";
import { parseSide } from "../coordinator/analysis/compare/side.ts";
import type { AssignedLaunch } from "../shared/domain/assignment.ts";
import { type Method, precisionModes } from "../shared/domain/method.ts";
import { logInterval } from "../shared/stats/interval.ts";
import { median } from "../shared/stats/quantile.ts";
import { mulberry32 } from "../shared/testing/generator.ts";
import { reportCell, reportInput } from "./support/report-input.ts";

/** What is true of a made-up cell; standard deviations are of logarithms. */
interface Truth {
  /** Between launches. */
  readonly launchSd: number;
  /** Between calls of a launch; it differs from launch to launch by up to the factor. */
  readonly callSd: number;
  readonly unevenness: number;
  /** Correlation of one call with the next. */
  readonly memory: number;
}

const callsPerLaunch = 64;

class Simulation {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = mulberry32(seed);
  }

  /** Box and Muller's transform. */
  #normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.#next()));
    return radius * Math.cos(2 * Math.PI * this.#next());
  }

  /** The median of one launch whose true median is 1 ms: correlated, uneven calls with a few slow ones. */
  #launch({ launchSd, callSd, unevenness, memory }: Truth): number {
    const level = launchSd * this.#normal();
    const spread = callSd * unevenness ** (2 * this.#next() - 1);
    let state = this.#normal();
    const calls = Array.from({ length: callsPerLaunch }, () => {
      state = memory * state + Math.sqrt(1 - memory ** 2) * this.#normal();
      const spike = this.#next() < 0.01 ? 0.05 + 0.45 * this.#next() : 0;
      return 1e6 * Math.exp(level + spread * state + spike);
    });
    return median(calls);
  }

  /** Launches of a cell as an agent makes them: until the rule of the method says that it is done. */
  cell(truth: Truth, method: Method): readonly number[] {
    const launches: AssignedLaunch[] = [];
    do {
      launches.push({
        cellId: "c",
        launch: launches.length + 1,
        medianNs: this.#launch(truth),
        invalid: false,
        elapsedMs: 1,
        failure: null,
        terminal: false,
      });
    } while (terminalState(launches, method) === null);
    return launches.flatMap(({ medianNs }) => medianNs ?? []);
  }
}

const method = precisionModes.normal;
const even: Truth = { launchSd: 0.01, callSd: 0.02, unevenness: 1, memory: 0 };

/** The scatter of launches is what matters; from half the target to three times it. */
const truths: readonly Truth[] = [0.005, 0.01, 0.015, 0.02, 0.03].flatMap((launchSd) => [
  { ...even, launchSd },
  { launchSd, callSd: 0.02, unevenness: 3, memory: 0.6 },
]);

test("over all kinds of noise 93 % of the intervals or more cover the truth, however the cell was stopped", () => {
  const simulation = new Simulation(20221104);
  const cells = 400;
  const shares = truths.map((truth) => {
    let covered = 0;
    for (let cell = 0; cell < cells; cell++) {
      const interval = logInterval(simulation.cell(truth, method), method);
      if (interval !== null && interval.low <= 1e6 && 1e6 <= interval.high) covered++;
    }
    return covered / cells;
  });
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  expect(mean).toBeGreaterThanOrEqual(0.93);
  // Of 400 cells with a true share of 94 %, less than 90.5 % come with a probability of 0.3 %.
  expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.905);
});

test("pooled calls instead of launches would cover the truth in far fewer cells", () => {
  // What an interval over single calls would do: its width shrinks with calls that are not independent.
  const simulation = new Simulation(7);
  const fixed = { ...method, minLaunches: 5, maxLaunches: 5 };
  let covered = 0;
  for (let cell = 0; cell < 300; cell++) {
    const medians = simulation.cell(even, fixed);
    const center = medians.reduce((sum, value) => sum + Math.log(value), 0) / medians.length;
    const pooled = (1.96 * 1.2533 * even.callSd) / Math.sqrt(5 * callsPerLaunch);
    if (Math.abs(center - Math.log(1e6)) <= pooled) covered++;
  }
  expect(covered / 300).toBeLessThan(0.6);
});

test("of comparisons of a cell with itself at most 5 % find a difference beyond the margin of 1 %", () => {
  const simulation = new Simulation(31);
  const noisy: Truth = { launchSd: 0.01, callSd: 0.02, unevenness: 3, memory: 0.6 };
  const [a, b] = [parseSide("s1"), parseSide("s2")];
  const comparisons = 1_000;
  let found = 0;
  for (let i = 0; i < comparisons; i++) {
    const [left, right] = ["s1", "s2"].map((sweepId) => {
      const medians = simulation.cell(noisy, method).map((ns) => ns / 1e6);
      const input = reportInput([reportCell({ cores: 1 }, medians)]);
      return { ...input, sweep: { ...input.sweep, sweepId } };
    });
    if (left === undefined || right === undefined) throw new Error("no sides");
    const sides = { a, b, objective: "latency", margin: 0.01 } as const;
    const { counts } = compareSides({ a: left, b: right }, sides);
    found += counts.improved + counts.regressed > 0 ? 1 : 0;
  }
  expect(found / comparisons).toBeLessThanOrEqual(0.05);
});
