import { median } from "../../../shared/stats/quantile.ts";
import { isSteady, steadyLimits } from "../../../shared/stats/steady.ts";

export interface WarmUp {
  readonly calls: number;
  readonly firstCallNs: number;
  /** Median of the last window. */
  readonly callNs: number;
  readonly steady: boolean;
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
      return { calls, firstCallNs, callNs, steady };
    }
    durations.push(await time());
  }
}
