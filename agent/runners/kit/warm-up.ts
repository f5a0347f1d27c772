import { median } from "../../../shared/stats/quantile.ts";
import { isSteady, steadyLimits } from "../../../shared/stats/steady.ts";

/** `contractLimits.warmupCalls`; the schema itself would slow down the start of every runner. */
const mostTold = 256;

export interface WarmUp {
  readonly calls: number;
  readonly firstCallNs: number;
  /** Median of the last window. */
  readonly callNs: number;
  readonly steady: boolean;
  /** Of the last calls, as many as the contract takes. */
  readonly durationsNs: readonly number[];
}

/**
 * Calls until two successive windows of durations are alike or `maxMs` have passed; at least twice,
 * so that the first call, which allocates and compiles, never stands for the others.
 */
export async function warmUp(
  call: () => Promise<void> | void,
  nowNs: () => bigint,
  maxMs: number,
): Promise<WarmUp> {
  const started = nowNs();
  const maxNs = maxMs * 1e6;
  const time = async (): Promise<number> => {
    const before = nowNs();
    await call();
    return Number(nowNs() - before);
  };
  const firstCallNs = await time();
  const durations = [await time()];
  const limits = steadyLimits(durations[0] ?? 0);
  // A test a call would cost more than the shortest calls themselves.
  const stride = Math.max(1, Math.floor(limits.windowCalls / 4));
  for (;;) {
    const calls = durations.length + 1;
    const steady = durations.length % stride === 0 && isSteady(durations, limits);
    if (steady || Number(nowNs() - started) >= maxNs) {
      const callNs = Math.round(median(durations.slice(-limits.windowCalls)));
      const durationsNs = [firstCallNs, ...durations].slice(-mostTold);
      return { calls, firstCallNs, callNs, steady, durationsNs };
    }
    durations.push(await time());
  }
}
