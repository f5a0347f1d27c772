import type { InstanceMeasurement, LaunchFailure, Measured } from "../domain/result.ts";

/** Well-formed outcomes of a launch: a test states only what matters to it. */
export function measured(overrides: Partial<Measured> = {}): Measured {
  return {
    type: "measured",
    medianNs: 2_000_000,
    samplesPerSecond: 500,
    instances: [instance()],
    verdict: { status: "valid", reasons: [] },
    environment: {
      runnerVersions: { "onnxruntime-node": "1.30.0" },
      bindingTool: "taskset",
      readback: { intraOpThreads: 1, output_checksum: "abc", spinning: null },
      counters: { minor_faults: 3, locality: null },
    },
    ...overrides,
  };
}

export function instance(overrides: Partial<InstanceMeasurement> = {}): InstanceMeasurement {
  return {
    index: 0,
    calls: 4,
    warmupCalls: 10,
    medianNs: 2_000_000,
    startedNs: "1000000000",
    endedNs: "1008000000",
    samples: { encoding: "delta-varint-deflate-base64", count: 0, data: "" },
    loadNs: 600_000_000,
    firstCallNs: 9_000_000,
    ...overrides,
  };
}

export function failure(overrides: Partial<LaunchFailure> = {}): LaunchFailure {
  return {
    type: "failed",
    reason: "crashed",
    message: "the runner ended with signal SIGSEGV",
    stderrTail: "segmentation fault\n",
    ...overrides,
  };
}
