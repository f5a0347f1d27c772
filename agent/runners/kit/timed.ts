import { setImmediate as turn } from "node:timers/promises";
import type { PrepareMessage } from "../../runner/contract.ts";

export interface TimedCalls {
  readonly startedNs: bigint;
  readonly endedNs: bigint;
  /** Of each call, from its intended start. */
  readonly durationsNs: readonly number[];
  /** Time inside each call, where it may have had to wait; else it is the duration. */
  readonly serviceNs?: readonly number[];
}

export interface TimedRules {
  readonly timed: PrepareMessage["timed"];
  readonly runOn: boolean;
  /** Called once, when calls and duration suffice. */
  readonly onEnough: () => void;
  readonly isFinishing: () => boolean;
}

/**
 * Times calls one after another until the rule is met. With `runOn` it goes on, so that the other
 * instances are measured beside a busy neighbour to their end, until the agent asks to finish.
 */
export async function timeCalls(
  call: () => Promise<void> | void,
  nowNs: () => bigint,
  rules: TimedRules,
): Promise<TimedCalls> {
  const { timed } = rules;
  const durationsNs: number[] = [];
  const startedNs = nowNs();
  let endedNs = startedNs;
  let enough = false;
  for (;;) {
    const before = nowNs();
    await call();
    endedNs = nowNs();
    durationsNs.push(Number(endedNs - before));
    const elapsedMs = Number(endedNs - startedNs) / 1e6;
    if (!enough && durationsNs.length >= timed.min_calls && elapsedMs >= timed.min_ms) {
      enough = true;
      rules.onEnough();
      if (!rules.runOn) break;
    }
    if (durationsNs.length >= timed.max_calls || elapsedMs >= timed.max_ms) break;
    if (!enough) continue;
    await turn(); // Lets stdin be read: a call that never waits would never see `finish`.
    if (rules.isFinishing()) break;
  }
  return { startedNs, endedNs, durationsNs };
}
