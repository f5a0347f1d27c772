import type { LoadWorkload } from "../kit/workload.ts";

/**
 * Computes nothing and says that each call took `call_us`: its clock advances by that much a call, so
 * a launch costs what the machinery around it costs. For benchmarks and tests of that machinery.
 */
export const loadNoop: LoadWorkload = (start) => {
  const callUs = start.parameters["call_us"];
  const callNs = BigInt(typeof callUs === "number" ? Math.round(callUs * 1_000) : 1_000_000);
  let now = 0n;
  return Promise.resolve({
    versions: { noop: "1" },
    threads: start.threads,
    readback: { virtual_clock: true },
    nowNs: () => now,
    waitUntil: (instant) => {
      if (now < instant) now = instant;
      return Promise.resolve();
    },
    prepare: () =>
      Promise.resolve({
        call: () => {
          now += callNs;
        },
        checksum: () => "00000000",
      }),
  });
};
