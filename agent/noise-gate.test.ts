import { expect, test } from "vitest";
import { noiseGateLimits, waitForQuiet } from "./noise-gate.ts";

/** Two PUs of which so large a share is used by others, look by look; the last one goes on. */
function fakeHost(shares: readonly number[]) {
  let nowMs = 5_000;
  let looks = 0;
  const idleTicks = [100, 200];
  return {
    looks: () => looks,
    deps: {
      files: {
        read: (path: string): Promise<string | null> => {
          if (path !== "/proc/stat") return Promise.resolve(null);
          const rows = idleTicks.map((idle, pu) => `cpu${pu} 7 0 7 ${idle} 0 0 0 0 0 0`);
          return Promise.resolve(`cpu  0 0 0 0\n${rows.join("\n")}\nintr 1\n`);
        },
        list: () => Promise.resolve([]),
      },
      monotonicMs: () => nowMs,
      sleep: (ms: number, signal: AbortSignal): Promise<void> => {
        signal.throwIfAborted();
        nowMs += ms;
        const share = shares[Math.min(looks, shares.length - 1)] ?? 0;
        looks += 1;
        // 100 ticks a second.
        for (const pu of [0, 1]) {
          idleTicks[pu] = (idleTicks[pu] ?? 0) + Math.round(((1 - share) * ms) / 10);
        }
        return Promise.resolve();
      },
    },
  };
}

const { signal } = new AbortController();

test("a quiet host is looked at once", async () => {
  const host = fakeHost([0.02]);
  expect(await waitForQuiet([0, 1], host.deps, signal)).toBe("quiet");
  expect(host.looks()).toBe(1);
});

test("a launch waits until other programs have gone quiet", async () => {
  const host = fakeHost([0.5, 0.06, 0.3, 0.01]);
  expect(await waitForQuiet([0, 1], host.deps, signal)).toBe("quiet");
  expect(host.looks()).toBe(4);
});

test("a host that is never quiet is waited for no longer than a minute", async () => {
  const host = fakeHost([0.9]);
  expect(await waitForQuiet([0, 1], host.deps, signal)).toBe("noisy");
  expect(host.looks() * noiseGateLimits.lookMs).toBe(noiseGateLimits.waitMs);
});

test("where the host does not tell its CPU times, nothing is waited for", async () => {
  const host = fakeHost([0.9]);
  expect(await waitForQuiet([0, 1, 2], host.deps, signal)).toBe("unknown");
  expect(host.looks()).toBe(1);
});

test("an aborted wait ends at once", async () => {
  const host = fakeHost([0.9]);
  await expect(waitForQuiet([0, 1], host.deps, AbortSignal.abort())).rejects.toThrow("aborted");
});
