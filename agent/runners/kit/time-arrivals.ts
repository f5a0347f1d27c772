import { setImmediate as turn } from "node:timers/promises";
import type { GoMessage, PrepareMessage } from "../../runner/contract.ts";
import { type TimedCalls, timeCalls } from "./timed.ts";

export interface ArrivalRules {
  readonly message: PrepareMessage;
  readonly go: GoMessage;
  readonly nowNs: () => bigint;
  readonly waitUntil: (instantNs: bigint) => Promise<void>;
  readonly runOn: boolean;
  readonly onEnough: () => void;
  readonly isFinishing: () => boolean;
}

/** Times the calls of one cell as they arrive by the pattern that `prepare` names. */
export async function timeArrivals(
  call: () => Promise<void> | void,
  rules: ArrivalRules,
): Promise<TimedCalls> {
  const { nowNs, message, go } = rules;
  const { timed, arrival } = message;
  switch (arrival.pattern) {
    case "closed":
      return await timeCalls(call, nowNs, { ...rules, timed });
    case "offline": {
      const calls = go.calls ?? timed.min_calls;
      const exactly = { ...timed, min_calls: calls, max_calls: calls, min_ms: 0 };
      return await timeCalls(call, nowNs, { ...rules, timed: exactly, runOn: false });
    }
    case "multi-stream": {
      const together = async (): Promise<void> => {
        for (let stream = 0; stream < arrival.streams; stream++) await call();
      };
      return await timeCalls(together, nowNs, { ...rules, timed });
    }
    case "server":
      return await timeSchedule(call, arrival.offsets_ns, rules);
  }
}

/**
 * Makes each call at its intended start, or as soon after it as the calls before it are over, and times
 * it from the intended start: what had to wait behind a slow call shows that in its own time. Calls that
 * have not begun when the longest time is over are not made.
 */
async function timeSchedule(
  call: () => Promise<void> | void,
  offsetsNs: readonly number[],
  { nowNs, waitUntil, message }: ArrivalRules,
): Promise<TimedCalls> {
  const durationsNs: number[] = [];
  const serviceNs: number[] = [];
  const maxNs = message.timed.max_ms * 1e6;
  const startedNs = nowNs();
  let endedNs = startedNs;
  for (const offsetNs of offsetsNs) {
    if (Number(endedNs - startedNs) >= maxNs) break;
    const intendedNs = startedNs + BigInt(offsetNs);
    await waitUntil(intendedNs);
    const before = nowNs();
    await call();
    endedNs = nowNs();
    durationsNs.push(Number(endedNs - intendedNs));
    serviceNs.push(Number(endedNs - before));
    // Lets stdin be read, for an agent may be gone; the time is the queue's, as it would be a server's.
    if (durationsNs.length % 16 === 0) await turn();
  }
  return { startedNs, endedNs, durationsNs, serviceNs };
}
