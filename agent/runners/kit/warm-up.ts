import { isSteady, steadyLimits } from "../../../shared/stats/steady.ts";

export interface WarmUp {
  readonly calls: number;
  readonly firstCallNs: number;
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
    if (durations.length % stride === 0 && isSteady(durations, limits)) {
      return { calls, firstCallNs, steady: true };
    }
    if (Number(nowNs() - started) >= maxNs) return { calls, firstCallNs, steady: false };
    durations.push(await time());
  }
}
