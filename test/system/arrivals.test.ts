import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readKnobHost } from "../../agent/knobs/host.ts";
import { nodeKnobHostProbe } from "../../agent/knobs/host-probe.ts";
import { runLaunch } from "../../agent/runner/launch.ts";
import { nodeLaunchSystem } from "../../agent/runner/launch-system.ts";
import { planLaunch } from "../../agent/runner/plan-launch.ts";
import { readCatalogue } from "../../agent/runners/catalogue.ts";
import { runnersConfigSchema } from "../../agent/runners/catalogue-config.ts";
import { arrivalPatterns } from "../../shared/domain/arrival.ts";
import type { Cell } from "../../shared/domain/cell.ts";
import type { Measured } from "../../shared/domain/result.ts";
import { decodeSamples } from "../../shared/runtime/sample-codec.ts";
import { onPus, quickMethod } from "../../shared/testing/launch-request.ts";

const program = fileURLToPath(new URL("../fixtures/runners/stalling.mts", import.meta.url));
const tsx = createRequire(import.meta.url).resolve("tsx");
const declared = { version: "1", models: ["m"], arrivals: arrivalPatterns };
const catalogue = await readCatalogue({
  nodePath: process.execPath,
  ...runnersConfigSchema.parse({
    commands: {
      stalling: { ...declared, argv: [process.execPath, "--import", tsx, program] },
    },
  }),
});
const knobHost = await readKnobHost(nodeKnobHostProbe);

/** What two instances measured of one cell, which arrives as its axes say. */
async function measure(axes: Cell, instances = 1): Promise<Measured> {
  const plan = planLaunch({
    cells: [{ cellId: "c", cell: { runner: "stalling", model: "m", batch_size: 2, ...axes } }],
    placement: { instances: [onPus(0), onPus(1)].slice(0, instances), idlePus: [] },
    method: quickMethod({ minCalls: 100, minSeconds: 0.5, maxSeconds: 5 }),
    catalogue,
    knobHost,
  });
  if ("refused" in plan) throw new Error(plan.refused.reason);
  const report = await runLaunch(plan, {
    system: nodeLaunchSystem(process),
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  const outcome = report.outcomes.get("c");
  if (outcome?.type !== "measured") throw new Error(outcome?.message ?? "no outcome");
  return outcome;
}

const over = (limitMs: number, values: readonly number[]): number =>
  values.filter((value) => value > limitMs * 1e6).length;

test("a server's latencies hold the waits behind a stalled call, its service times do not", async () => {
  const { instances, environment } = await measure({ arrival: "server", arrival_rate: 200 });
  const [instance] = instances;
  if (instance?.service === undefined) throw new Error("no service times");
  const latencies = decodeSamples(instance.samples);
  const service = decodeSamples(instance.service);
  expect(latencies).toHaveLength(service.length);
  // A stall of 60 ms holds up some 12 calls of 200 a second; a closed loop would see the stalled one.
  expect(over(10, latencies)).toBeGreaterThan(2 * over(10, service));
  expect(latencies.every((latency, i) => latency >= (service[i] ?? 0))).toBe(true);
  expect(environment.counters["offered_calls_per_second"]).toBeGreaterThan(100);
  expect(environment.counters["unserved_calls"]).toBe(0);
});

test("more than a server can serve is called overloaded, with what was left over", async () => {
  const { verdict, environment } = await measure({ arrival: "server", arrival_rate: 5_000 });
  expect(verdict.reasons.map(({ code }) => code)).toContain("overloaded");
  expect(environment.counters["utilisation"]).toBeGreaterThan(1);
});

test("an offline phase gives every instance the same calls, and its rate is over all of them", async () => {
  const { instances, samplesPerSecond } = await measure({ arrival: "offline" }, 2);
  const [first, second] = instances;
  expect(first?.calls).toBe(second?.calls);
  expect(first?.calls).toBeGreaterThanOrEqual(100);
  const starts = instances.map(({ startedNs }) => BigInt(startedNs));
  const ends = instances.map(({ endedNs }) => BigInt(endedNs));
  const [start, end] = [
    starts.reduce((a, b) => (b < a ? b : a)),
    ends.reduce((a, b) => (b > a ? b : a)),
  ];
  const calls = instances.reduce((sum, instance) => sum + instance.calls, 0);
  expect(samplesPerSecond).toBeCloseTo((2 * calls) / (Number(end - start) / 1e9), 3);
});

test("streams that come at once are one duration, and count as so many calls in the rate", async () => {
  const { instances, samplesPerSecond } = await measure({ arrival: "multi-stream", streams: 3 });
  const durations = decodeSamples(
    instances[0]?.samples ?? { encoding: "hdr-3-digits", count: 0, data: "" },
  );
  expect(Math.min(...durations)).toBeGreaterThanOrEqual(3e6);
  const meanNs = durations.reduce((sum, value) => sum + value, 0) / durations.length;
  expect(samplesPerSecond / ((2 * 3 * 1e9) / meanNs)).toBeGreaterThan(0.5);
});
