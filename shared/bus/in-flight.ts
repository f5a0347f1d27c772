import { FleetsweepError } from "../domain/errors.ts";

/** Lets at most `running` calls run at one time; up to `queued` more wait their turn, in order. */
export interface InFlight {
  /** @throws FleetsweepError bus.unavailable where the queue is full. */
  run<Value>(call: () => Promise<Value>): Promise<Value>;
}

export function makeInFlight(limits: { running: number; queued: number }): InFlight {
  let running = 0;
  const waiting: (() => void)[] = [];

  async function turn(): Promise<void> {
    if (waiting.length >= limits.queued) {
      throw new FleetsweepError(
        "bus.unavailable",
        `${running} appends are in flight and ${waiting.length} more wait already`,
      );
    }
    // Whoever ends hands its turn over, so that `running` stays as it is.
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  return {
    async run(call) {
      if (running < limits.running) running += 1;
      else await turn();
      try {
        return await call();
      } finally {
        const next = waiting.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}
